package io.posthorn.dispatch;

import io.posthorn.config.DispatchConfig;
import io.posthorn.config.EgressConfig;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How receivers are spoken to: HTTP/1.1, kept alive for a limited time, TLS 1.2 or newer with the name verified. */
final class HttpClients {
    private static final int MAX_KEEP_ALIVE_SECONDS = 30;

    private HttpClients() {}

    /**
     * A client whose pool never makes a request wait: a connection for each slot, since slots bound them all and the
     * queues bound those to one endpoint.
     */
    static HttpClient http(Vertx vertx, DispatchConfig config, EgressConfig egress, int slots) {
        int maxAgeMillis =
                (int) Math.min(Integer.MAX_VALUE, egress.connectionMaxAge().toMillis());
        int connectMillis =
                (int) Math.min(Integer.MAX_VALUE, config.connectTimeout().toMillis());
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setKeepAlive(true)
                .setKeepAliveTimeout(Math.max(1, Math.min(MAX_KEEP_ALIVE_SECONDS, maxAgeMillis / 1000)))
                .setPipelining(false)
                .setDecompressionSupported(false)
                .setMaxInitialLineLength(4096)
                .setMaxHeaderSize(16 * 1024)
                .setTcpNoDelay(true)
                .setConnectTimeout(connectMillis)
                .setSslHandshakeTimeout(connectMillis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setVerifyHost(true)
                .setTrustAll(false)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(slots)
                .setMaxWaitQueueSize(slots)
                .setMaxLifetime(Math.max(1, maxAgeMillis))
                .setMaxLifetimeUnit(TimeUnit.MILLISECONDS);
        return vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(AnswerBounds::watch)
                .build();
    }

    /** A client of the configured name server, or of the system's. */
    static DnsClient dns(Vertx vertx, EgressConfig egress) {
        DnsClientOptions options =
                new DnsClientOptions().setQueryTimeout(egress.dnsTimeout().toMillis());
        @Nullable String server = egress.dnsServer();
        if (server != null) {
            int colon = server.lastIndexOf(':');
            options.setHost(colon < 0 ? server : server.substring(0, colon));
            options.setPort(colon < 0 ? 53 : Integer.parseInt(server.substring(colon + 1)));
        }
        return vertx.createDnsClient(options);
    }
}
