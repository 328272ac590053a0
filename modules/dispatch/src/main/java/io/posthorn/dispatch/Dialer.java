package io.posthorn.dispatch;

import io.posthorn.config.DispatchConfig;
import io.posthorn.contract.TargetUrl;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;

/**
 * Opens requests, to receivers and to token endpoints alike: only to addresses that the egress guard has checked, one after
 * the other until one can be connected to, and never following a redirect. Verticle context.
 */
final class Dialer {
    private final HttpClient client;
    private final EgressGuard guard;
    private final DispatchConfig config;

    /** Who dials. Exactly one of the last two is called, unless it is over before. */
    interface Caller {
        /** Whether nobody waits for the connection any longer. */
        boolean isOver();

        /** Takes a POST that is ready to be written, be it over or not. */
        void connected(HttpClientRequest ready);

        /** There is no connection: {@link AttemptOutcome.Blocked} or {@link AttemptOutcome.Failed}. */
        void unreachable(AttemptOutcome outcome);
    }

    Dialer(HttpClient client, EgressGuard guard, DispatchConfig config) {
        this.client = client;
        this.guard = guard;
        this.config = config;
    }

    void dial(TargetUrl url, Caller caller) {
        guard.routeTo(url).onComplete(found -> {
            EgressGuard.Route route = found.succeeded() ? found.result() : new EgressGuard.Route.Blocked();
            if (route instanceof EgressGuard.Route.Open open) {
                connect(url, open.addresses(), 0, caller);
            } else if (route instanceof EgressGuard.Route.Unknown unknown) {
                caller.unreachable(new AttemptOutcome.Failed(0, unknown.reason()));
            } else {
                caller.unreachable(new AttemptOutcome.Blocked());
            }
        });
    }

    private void connect(TargetUrl url, List<String> addresses, int index, Caller caller) {
        if (caller.isOver()) {
            return;
        }
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(url.port(), addresses.get(index)))
                .setHost(url.host())
                .setPort(url.port())
                .setSsl(url.isSsl())
                .setURI(url.requestUri())
                .setFollowRedirects(false)
                .setConnectTimeout(config.connectTimeout().toMillis());
        client.request(options).onComplete(connected -> {
            if (connected.succeeded()) {
                caller.connected(connected.result());
            } else if (index + 1 < addresses.size()) {
                connect(url, addresses, index + 1, caller);
            } else {
                caller.unreachable(new AttemptOutcome.Failed(0, FailureText.of(connected.cause())));
            }
        });
    }
}
