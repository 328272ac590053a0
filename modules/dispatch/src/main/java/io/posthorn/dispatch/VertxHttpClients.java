package io.posthorn.dispatch;

import io.posthorn.config.DispatchConfig;
import io.posthorn.config.EgressConfig;
import io.posthorn.config.ProxyUrl;
import io.posthorn.contract.Secret;
import io.posthorn.contract.TlsOptions;
import io.posthorn.contract.TlsVersion;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How receivers are spoken to: HTTP/1.1 and where it is wanted HTTP/2 over TLS, kept alive for a limited time, TLS 1.2 or
 * newer with the name verified.
 */
record VertxHttpClients(Vertx vertx, DispatchConfig config, EgressConfig egress, int slots) {
    private static final int MAX_KEEP_ALIVE_SECONDS = 30;
    private static final int MAX_HEADER_BYTES = 16 * 1024;

    /** What RFC 9113 names as the least that a server should let in; more would put too much on one connection. */
    private static final int MAX_STREAMS = 100;

    /** More than one only where a receiver lets in fewer streams than there are attempts. */
    private static final int MAX_HTTP2_CONNECTIONS = 8;

    /**
     * A client whose pool never makes a request wait: a connection for each slot, since slots bound them all and the
     * queues bound those to one endpoint.
     *
     * @param tls how its connections are secured; null for the usual way
     * @param connected is told of every connection that may be used again
     */
    HttpClientAgent http(@Nullable TlsOptions tls, Handler<HttpConnection> connected) {
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(slots)
                .setHttp2MaxSize(MAX_HTTP2_CONNECTIONS)
                .setMaxWaitQueueSize(slots);
        return vertx.httpClientBuilder()
                .with(options(tls))
                .with(pool)
                .withConnectHandler(connection -> {
                    AnswerBounds.watch(connection);
                    connected.handle(connection);
                })
                .build();
    }

    private HttpClientOptions options(@Nullable TlsOptions tls) {
        int maxAgeMillis = millis(egress.connectionMaxAge().toMillis());
        int connectMillis = millis(config.connectTimeout().toMillis());
        int idleSeconds = Math.max(1, Math.min(MAX_KEEP_ALIVE_SECONDS, maxAgeMillis / 1000));
        HttpClientOptions options = new HttpClientOptions()
                // Also with HTTP/2: this is what is spoken without TLS, and ALPN decides with it.
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setKeepAlive(true)
                .setKeepAliveTimeout(idleSeconds)
                .setHttp2KeepAliveTimeout(idleSeconds)
                .setHttp2MultiplexingLimit(MAX_STREAMS)
                .setInitialSettings(new Http2Settings().setPushEnabled(false).setMaxHeaderListSize(MAX_HEADER_BYTES))
                .setPipelining(false)
                .setDecompressionSupported(false)
                .setMaxRedirects(0)
                .setMaxInitialLineLength(4096)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setTcpNoDelay(true)
                .setConnectTimeout(connectMillis)
                .setSslHandshakeTimeout(connectMillis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setVerifyHost(true)
                .setTrustAll(false)
                .setEnabledSecureTransportProtocols(protocols(tls));
        if (egress.http2()) {
            options.setUseAlpn(true)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                    .setSslEngineOptions(new BoundedTls(config.maxResponseBytes(), config.connectTimeout()));
        }
        if (egress.proxy() != null) {
            options.setProxyOptions(proxy(egress.proxy()));
        }
        if (tls != null) {
            secure(options, tls);
        }
        return options;
    }

    private static void secure(HttpClientOptions options, TlsOptions tls) {
        if (tls.caCertificates() != null) {
            options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(tls.caCertificates())));
        }
        TlsOptions.@Nullable Identity identity = tls.identity();
        if (identity != null) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .setKeyValue(Buffer.buffer(identity.key().value()))
                    .setCertValue(Buffer.buffer(identity.certificates())));
        }
    }

    private static Set<String> protocols(@Nullable TlsOptions tls) {
        return tls != null && tls.minVersion() == TlsVersion.TLS_1_3 ? Set.of("TLSv1.3") : Set.of("TLSv1.2", "TLSv1.3");
    }

    private ProxyOptions proxy(ProxyUrl url) {
        ProxyOptions options = new ProxyOptions()
                .setType(ProxyType.HTTP)
                .setHost(url.host())
                .setPort(url.port())
                .setConnectTimeout(config.connectTimeout());
        @Nullable Secret password = url.password();
        if (url.user() != null && password != null) {
            options.setUsername(url.user()).setPassword(password.value());
        }
        return options;
    }

    /** A client of the configured name server, or of the system's; gives up on a question in time to repeat it. */
    DnsClient dns() {
        DnsClientOptions options = new DnsClientOptions()
                .setQueryTimeout(Math.max(1, egress.dnsTimeout().toMillis() * 2 / 5));
        @Nullable String server = egress.dnsServer();
        if (server != null) {
            int colon = server.lastIndexOf(':');
            options.setHost(colon < 0 ? server : server.substring(0, colon));
            options.setPort(colon < 0 ? 53 : Integer.parseInt(server.substring(colon + 1)));
        }
        return vertx.createDnsClient(options);
    }

    private static int millis(long millis) {
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }
}
