package io.posthorn.dispatch;

import io.posthorn.config.DispatchConfig;
import io.posthorn.contract.ClaimedDelivery;
import io.vertx.core.http.HttpClient;
import java.time.InstantSource;

/** Makes attempts: what all of them share. Verticle context. */
final class AttemptSender {
    private final HttpClient client;
    private final EgressGuard guard;
    private final AttemptHeaders headers;
    private final Timers timers;
    private final InstantSource clock;
    private final DispatchConfig config;

    AttemptSender(
            HttpClient client,
            EgressGuard guard,
            AttemptHeaders headers,
            Timers timers,
            InstantSource clock,
            DispatchConfig config) {
        this.client = client;
        this.guard = guard;
        this.headers = headers;
        this.timers = timers;
        this.clock = clock;
        this.config = config;
    }

    /** Begins an attempt; its outcome comes within the configured total time. */
    Exchange send(ClaimedDelivery delivery) {
        Exchange exchange = new Exchange(delivery, client, guard, headers, timers, clock, config);
        exchange.start();
        return exchange;
    }
}
