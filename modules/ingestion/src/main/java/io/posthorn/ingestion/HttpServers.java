package io.posthorn.ingestion;

import io.posthorn.config.IngestionConfig;
import io.vertx.core.http.HttpServerOptions;

/** How the API is served: HTTP/1.1 and cleartext HTTP/2, no WebSockets. */
final class HttpServers {
    private static final int SHARED_RANDOM_PORT = -1;
    private static final int IDLE_SECONDS = 75;

    private HttpServers() {}

    static HttpServerOptions options(IngestionConfig config) {
        return new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port() == 0 && config.instances() > 1 ? SHARED_RANDOM_PORT : config.port())
                .setIdleTimeout(IDLE_SECONDS)
                .setHandle100ContinueAutomatically(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
    }
}
