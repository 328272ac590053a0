package io.posthorn.dispatch;

import io.posthorn.config.DispatchConfig;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.InstantSource;

/** Makes attempts: what all of them share. Verticle context. */
final class AttemptSender {
    /** How long a token endpoint may take; at most half the time of an attempt, so that the failure can be told. */
    private static final Duration LONGEST_TOKEN_TIME = Duration.ofSeconds(10);

    private final Dialer dialer;
    private final AttemptHeaders headers;
    private final AccessTokens tokens;
    private final Timers timers;
    private final InstantSource clock;
    private final DispatchConfig config;
    private final PerEndpoint<Target> targets = new PerEndpoint<>(this::targetOf);

    AttemptSender(
            Dialer dialer,
            AttemptHeaders headers,
            AccessTokens tokens,
            Timers timers,
            InstantSource clock,
            DispatchConfig config) {
        this.dialer = dialer;
        this.headers = headers;
        this.tokens = tokens;
        this.timers = timers;
        this.clock = clock;
        this.config = config;
    }

    /** Puts it together for one instance. */
    static AttemptSender wired(Dialer dialer, DispatchConfig config, Surroundings surroundings) {
        Timers timers = surroundings.timers();
        Duration half = config.timeout().dividedBy(2);
        Duration tokenTime = half.compareTo(LONGEST_TOKEN_TIME) < 0 ? half : LONGEST_TOKEN_TIME;
        CharSequence userAgent = HttpHeaders.createOptimized(UserAgent.text());
        AccessTokens tokens = new AccessTokens(
                credentials -> TokenRequest.send(credentials, dialer, timers, tokenTime, userAgent)
                        .onComplete(given -> surroundings.metrics().askedForToken(given.succeeded())),
                System::nanoTime,
                surroundings.random());
        return new AttemptSender(
                dialer,
                new AttemptHeaders(new Signer(), UserAgent.text()),
                tokens,
                timers,
                surroundings.clock(),
                config);
    }

    /**
     * Makes an attempt ready to start; it ends by itself, by {@link Exchange#expire()} or by {@link Exchange#abort()}. One
     * that may take less time than the others has a timer of its own.
     */
    Exchange prepare(ClaimedDelivery delivery) {
        Exchange exchange =
                new Exchange(delivery, targets.of(delivery.endpoint()), dialer, headers, tokens, clock, config);
        Duration limit = exchange.limit();
        if (limit.compareTo(config.timeout()) < 0) {
            long timer = timers.after(limit.toMillis(), exchange::expire);
            exchange.outcome().onComplete(over -> timers.cancel(timer));
        }
        return exchange;
    }

    private Target targetOf(Endpoint endpoint) {
        return Target.of(endpoint, config.headers());
    }
}
