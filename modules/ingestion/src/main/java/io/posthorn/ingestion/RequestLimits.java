package io.posthorn.ingestion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthorn.config.IngestionConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * How many requests each token may make to this node in a window, which begins with its first request. Of more than
 * {@value #MAX_TOKENS} tokens in use at once the ones used least are forgotten, and begin anew. One instance a node, shared by
 * all event loops. Safe for use by several threads.
 */
public final class RequestLimits {
    private static final int MAX_TOKENS = 100_000;
    private static final long SECOND = 1000;

    private final @Nullable Integer limit;
    private final long windowMillis;
    private final InstantSource clock;
    private final Cache<String, Use> uses;

    private record Use(long since, int requests) {}

    /**
     * Where a token stands after a request.
     *
     * @param remaining how many more it may make until the window ends
     * @param resetSeconds until then; at least 1
     * @param admitted whether this one may go on
     */
    record Standing(int limit, long windowSeconds, int remaining, long resetSeconds, boolean admitted) {}

    /** Counts nothing where the settings have no limit. */
    public RequestLimits(IngestionConfig config, InstantSource clock) {
        this.limit = config.rateLimit();
        this.windowMillis = config.rateLimitWindow().toMillis();
        this.clock = clock;
        this.uses = Caffeine.newBuilder()
                .maximumSize(MAX_TOKENS)
                .expireAfterWrite(Duration.ofMillis(windowMillis))
                .executor(Runnable::run)
                .build();
    }

    /** Counts a request under a token that was verified; null where there is no limit. */
    @Nullable
    Standing count(String token) {
        if (limit == null) {
            return null;
        }
        long now = clock.millis();
        Use use = uses.asMap().merge(key(token), new Use(now, 1), (before, one) -> later(before, now));
        long left = use.since() + windowMillis - now;
        long resetSeconds = Math.max(1, (left + SECOND - 1) / SECOND);
        int remaining = Math.max(0, limit - use.requests());
        return new Standing(limit, windowMillis / SECOND, remaining, resetSeconds, use.requests() <= limit);
    }

    /** A clock that was set back begins a window, too, so that none lasts longer than it should. */
    private Use later(Use before, long now) {
        long age = now - before.since();
        boolean over = age < 0 || age >= windowMillis;
        return over ? new Use(now, 1) : new Use(before.since(), Math.min(before.requests(), Integer.MAX_VALUE - 1) + 1);
    }

    /** Of what the signature covers: the signature itself may be written in more than one way. */
    private static String key(String token) {
        try {
            String signed = token.substring(0, Math.max(0, token.lastIndexOf('.')));
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return Base64.getEncoder().encodeToString(digest.digest(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
