package io.posthorn.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The default rate limit of an endpoint. */
public record RateLimitConfig(
        @Setting(
                env = "WEBHOOK_RATE_LIMIT",
                key = "ratelimit.limit",
                doc =
                        "How many deliveries an endpoint gets in a window when it has no limit of its own; unset: no limit.")
        @Nullable
        Integer limit,

        @Setting(env = "WEBHOOK_RATE_LIMIT_WINDOW", key = "ratelimit.window", doc = "The window of the default limit.")
        Duration window) {
    public RateLimitConfig {
        new Bounds()
                .between("ratelimit.limit", limit, 1, 1_000_000_000)
                .positive("ratelimit.window", window, Duration.ofDays(31))
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static RateLimitConfig defaults() {
        return new RateLimitConfig(null, Duration.ofSeconds(60));
    }
}
