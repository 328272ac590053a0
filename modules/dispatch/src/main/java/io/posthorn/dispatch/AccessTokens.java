package io.posthorn.dispatch;

import io.posthorn.contract.EndpointAuth;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that token endpoints gave out, until shortly before they expire. Endpoints with equal credentials share one, and
 * one request asks for it while all attempts that need it wait, the {@value #MAX_WAITING} first of them. Keeps the tokens of
 * the {@value #MAX_KEPT} credentials used last. Verticle context.
 */
final class AccessTokens {
    static final int MAX_KEPT = 4096;
    static final int MAX_WAITING = 1024;

    /** How many token endpoints are asked at a time. */
    static final int MAX_ASKED = 1024;

    /** A token whose answer does not say how long it is valid. */
    static final Duration UNSAID = Duration.ofMinutes(5);

    /** However long a token is valid. */
    static final Duration LONGEST = Duration.ofHours(24);

    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(30);
    private static final int MARGIN_SHARE = 10;

    private final TokenSource source;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Map<EndpointAuth.OAuth2, Asked> asked = new HashMap<>();
    private final Map<EndpointAuth.OAuth2, Kept> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EndpointAuth.OAuth2, Kept> eldest) {
            return size() > MAX_KEPT;
        }
    };

    private record Kept(AccessToken token, long untilNanos) {}

    /** A request under way. */
    private static final class Asked {
        private final Future<AccessToken> answer;
        private int waiting;

        Asked(Future<AccessToken> answer) {
            this.answer = answer;
        }
    }

    /** Where tokens come from. */
    interface TokenSource {
        /** Asks for one; ends in bounded time, and fails with {@link TokenRefused}. */
        Future<AccessToken> ask(EndpointAuth.OAuth2 credentials);
    }

    /**
     * A token.
     *
     * @param validFor from the answer on; null when it did not say
     */
    record AccessToken(String value, @Nullable Duration validFor) {
        @Override
        public String toString() {
            return "[redacted]";
        }
    }

    /** Why there is no token, in words that may be shown to the tenant. Made without a stack trace. */
    static final class TokenRefused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TokenRefused(String text) {
            super(text, null, false, false);
        }
    }

    /** @param nanoTime as {@link System#nanoTime()}: a clock that is set does not make a token live longer */
    AccessTokens(TokenSource source, LongSupplier nanoTime, RandomGenerator random) {
        this.source = source;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** A token that may be used now; fails with {@link TokenRefused}. */
    Future<AccessToken> of(EndpointAuth.OAuth2 credentials) {
        Kept known = kept.get(credentials);
        if (known != null && nanoTime.getAsLong() - known.untilNanos() < 0) {
            return Future.succeededFuture(known.token());
        }
        Asked underWay = asked.get(credentials);
        if (underWay == null) {
            return asked.size() < MAX_ASKED ? ask(credentials) : refused("too many token endpoints are being asked");
        }
        if (underWay.waiting >= MAX_WAITING) {
            return refused("too many attempts wait for the token endpoint");
        }
        underWay.waiting++;
        return underWay.answer;
    }

    /** A receiver did not take that token: the next attempt gets another. */
    void refused(EndpointAuth.OAuth2 credentials, AccessToken token) {
        Kept known = kept.get(credentials);
        if (known != null && known.token().equals(token)) {
            kept.remove(credentials);
        }
    }

    private static Future<AccessToken> refused(String why) {
        return Future.failedFuture(new TokenRefused(why));
    }

    private Future<AccessToken> ask(EndpointAuth.OAuth2 credentials) {
        long began = nanoTime.getAsLong();
        Future<AccessToken> answer = source.ask(credentials);
        Asked underWay = new Asked(answer);
        underWay.waiting = 1;
        asked.put(credentials, underWay);
        return answer.onComplete(given -> {
            asked.remove(credentials, underWay);
            if (given.succeeded()) {
                kept.put(credentials, new Kept(given.result(), began + usable(given.result())));
            }
        });
    }

    /** Its time without a tenth or half a minute, and up to as much again so that not all are asked for at once. */
    private long usable(AccessToken token) {
        Duration said = token.validFor() == null ? UNSAID : token.validFor();
        long valid = (said.compareTo(LONGEST) > 0 ? LONGEST : said).toNanos();
        long margin = Math.min(valid / MARGIN_SHARE, LONGEST_MARGIN.toNanos());
        return valid - margin - (long) (margin * random.nextDouble());
    }
}
