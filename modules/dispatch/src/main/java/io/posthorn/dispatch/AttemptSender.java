package io.posthorn.dispatch;

import io.posthorn.config.DispatchConfig;
import io.posthorn.contract.ClaimedDelivery;
import java.time.Duration;
import java.time.InstantSource;

/** Makes attempts: what all of them share. Verticle context. */
final class AttemptSender {
    private final Connector connector;
    private final EgressGuard guard;
    private final AttemptHeaders headers;
    private final Timers timers;
    private final InstantSource clock;
    private final DispatchConfig config;
    private final PerEndpoint<Target> targets = new PerEndpoint<>(Target::of);

    AttemptSender(
            Connector connector,
            EgressGuard guard,
            AttemptHeaders headers,
            Timers timers,
            InstantSource clock,
            DispatchConfig config) {
        this.connector = connector;
        this.guard = guard;
        this.headers = headers;
        this.timers = timers;
        this.clock = clock;
        this.config = config;
    }

    /**
     * Makes an attempt ready to start; it ends by itself, by {@link Exchange#expire()} or by {@link Exchange#abort()}. One
     * that may take less time than the others has a timer of its own.
     */
    Exchange prepare(ClaimedDelivery delivery) {
        Exchange exchange =
                new Exchange(delivery, targets.of(delivery.endpoint()), connector, guard, headers, clock, config);
        Duration limit = exchange.limit();
        if (limit.compareTo(config.timeout()) < 0) {
            long timer = timers.after(limit.toMillis(), exchange::expire);
            exchange.outcome().onComplete(over -> timers.cancel(timer));
        }
        return exchange;
    }
}
