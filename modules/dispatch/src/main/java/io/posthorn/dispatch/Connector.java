package io.posthorn.dispatch;

import io.posthorn.contract.TargetUrl;
import io.posthorn.contract.TlsOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Connects attempts to checked addresses, one after the other until one takes the connection; the name of the receiver is
 * used for TLS and for the Host header, and never looked up. An address gets at most the time to connect, and never so much
 * that those after it, and the request, have none. Verticle context.
 */
final class Connector {
    private final HttpClientAgent usual;
    private final OwnTlsClients<HttpClientAgent> own;
    private final AddressOrder order;
    private final Timers timers;
    private final Duration connectTimeout;
    private final boolean proxied;

    /**
     * @param usual the client for all endpoints without TLS options
     * @param proxied whether the clients go through a proxy
     */
    Connector(
            HttpClientAgent usual,
            OwnTlsClients<HttpClientAgent> own,
            AddressOrder order,
            Timers timers,
            Duration connectTimeout,
            boolean proxied) {
        this.usual = usual;
        this.own = own;
        this.order = order;
        this.timers = timers;
        this.connectTimeout = connectTimeout;
        this.proxied = proxied;
    }

    /**
     * Makes a request ready to be sent.
     *
     * @param addresses all of them checked
     * @param leftMillis how long the attempt may still take; 0 when it is over
     * @return fails as the first address tried did
     */
    Future<Link> linkTo(TargetUrl url, List<String> addresses, @Nullable TlsOptions tls, LongSupplier leftMillis) {
        Search search = new Search(url, order.toTry(addresses, url.port()), tls, leftMillis);
        search.tryFrom(0);
        return search.found.future();
    }

    /** Why there is no link, in words for the tenant. */
    String failureOf(Throwable cause) {
        return FailureText.ofConnecting(cause, proxied);
    }

    private final class Search {
        private final TargetUrl url;
        private final List<String> addresses;
        private final @Nullable TlsOptions tls;
        private final LongSupplier leftMillis;
        private final Promise<Link> found = Promise.promise();
        private @Nullable Throwable firstFailure;

        Search(TargetUrl url, List<String> addresses, @Nullable TlsOptions tls, LongSupplier leftMillis) {
            this.url = url;
            this.addresses = addresses;
            this.tls = tls;
            this.leftMillis = leftMillis;
        }

        void tryFrom(int index) {
            long left = leftMillis.getAsLong();
            if (left <= 0) {
                found.fail(firstFailure == null ? new TimeoutException() : firstFailure);
                return;
            }
            int untried = addresses.size() - index;
            long fair = untried == 1 ? left : left / (untried + 1);
            long millis = Math.max(1, Math.min(connectTimeout.toMillis(), fair));
            open(addresses.get(index), millis).onComplete(opened -> {
                if (opened.succeeded()) {
                    found.complete(opened.result());
                } else {
                    failed(index, opened.cause());
                }
            });
        }

        private void failed(int index, Throwable cause) {
            if (!(cause instanceof SSLException)) {
                order.failed(addresses.get(index), url.port());
            }
            if (firstFailure == null) {
                firstFailure = cause;
            }
            if (index + 1 < addresses.size()) {
                tryFrom(index + 1);
            } else {
                found.fail(firstFailure);
            }
        }

        private Future<Link> open(String address, long millis) {
            HttpClientAgent client = tls == null || !url.isSsl() ? usual : own.of(tls);
            SocketAddress server = SocketAddress.inetSocketAddress(url.port(), address);
            if (proxied && !url.isSsl()) {
                return openAlone(client, server, millis);
            }
            RequestOptions options = request()
                    .setServer(server)
                    .setHost(url.hostInAuthority())
                    .setPort(url.port())
                    .setSsl(url.isSsl())
                    .setConnectTimeout(millis);
            return client.request(options).map(request -> new Link(request, false));
        }

        /**
         * Through the proxy without TLS: the client's pool would have the proxy send the request to a name that it looks up
         * itself, so the tunnel is made outside of the pool, and serves one request.
         */
        private Future<Link> openAlone(HttpClientAgent client, SocketAddress server, long millis) {
            Promise<HttpClientConnection> connected = Promise.promise();
            long timer = timers.after(millis, () -> connected.tryFail(new TimeoutException()));
            client.connect(new HttpConnectOptions()
                            .setServer(server)
                            .setHost(url.hostInAuthority())
                            .setPort(url.port())
                            .setSsl(false))
                    .onComplete(result -> {
                        timers.cancel(timer);
                        if (result.failed()) {
                            connected.tryFail(result.cause());
                        } else if (!connected.tryComplete(result.result())) {
                            result.result().close().onComplete(ignored -> {});
                        }
                    });
            return connected
                    .future()
                    .compose(connection -> connection.request(request()))
                    .map(request -> new Link(request, true));
        }

        private RequestOptions request() {
            return new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setURI(url.requestUri())
                    .setFollowRedirects(false);
        }
    }
}
