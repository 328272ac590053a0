package io.posthorn.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.posthorn.config.RateLimitConfig;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The permits of all endpoints. An endpoint is forgotten when all its permits are free again; of more than a million
 * limited endpoints at once the least used are forgotten early, and then get a fresh burst. Called on one thread.
 */
final class Permits {
    private static final long MAX_ENDPOINTS = 1_000_000;
    private static final long NANOS = 1_000_000_000L;

    private final RateLimitConfig config;
    private final InstantSource clock;
    private final Cache<EndpointId, Use> uses;

    Permits(RateLimitConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.uses = Caffeine.newBuilder()
                .maximumSize(MAX_ENDPOINTS)
                .expireAfter(Expiry.writing((EndpointId id, Use use) -> Duration.ofNanos(use.lifeNanos())))
                .ticker(() -> nanos(clock.instant()))
                .executor(Runnable::run)
                .build();
    }

    /** When all permits are free again, and how long that was away when it was stored. */
    private record Use(long arrival, long lifeNanos) {}

    PermitGrant ask(PermitRequest request) {
        Gcra rule = rule(request.ratePerSecond());
        if (rule == null) {
            return new PermitGrant(request.wanted(), null, 0);
        }
        long now = nanos(clock.instant());
        long before = arrival(request.endpoint(), now);
        int granted = rule.grant(before, now, request.wanted());
        long after = rule.take(before, now, granted);
        // Also where a clock that went back cut the arrival: cut anew at each ask, it would never come nearer.
        if (granted > 0 || after < before) {
            uses.put(request.endpoint(), new Use(after, Math.max(1, after - now)));
        }
        return new PermitGrant(granted, instant(rule.freeAt(after, now, rule.batch())), rule.batch());
    }

    RateLimit.Status status(RateLimit.StatusOf question) {
        Gcra rule = rule(question.ratePerSecond());
        long now = nanos(clock.instant());
        if (rule == null) {
            return new RateLimit.Status(0, 0, instant(now));
        }
        long arrival = arrival(question.endpoint(), now);
        return new RateLimit.Status(
                rule.used(arrival, now), rule.limit(), instant(rule.freeAt(arrival, now, rule.limit())));
    }

    /** How many endpoints are remembered. */
    long remembered() {
        uses.cleanUp();
        return uses.estimatedSize();
    }

    private long arrival(EndpointId endpoint, long now) {
        Use use = uses.getIfPresent(endpoint);
        return use == null ? now : use.arrival();
    }

    private @Nullable Gcra rule(@Nullable Integer ratePerSecond) {
        if (ratePerSecond != null) {
            return Gcra.of(Math.max(1, ratePerSecond), Duration.ofSeconds(1));
        }
        Integer limit = config.limit();
        return limit == null || limit < 1 ? null : Gcra.of(limit, config.window());
    }

    private static long nanos(Instant time) {
        return time.getEpochSecond() * NANOS + time.getNano();
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }
}
