package io.posthorn.dispatch;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one request to a receiver ended. Texts are safe to show to the tenant. */
sealed interface AttemptOutcome {
    /** The response's status, or 0 when there was none. */
    int statusCode();

    /**
     * The receiver answered.
     *
     * @param body its body, cut at the configured size
     * @param cut whether there was more
     * @param usedUpFor how long no more requests are let in, as the receiver says; null when some are, or it says nothing
     */
    record Answered(
            int statusCode,
            @Nullable String retryAfter,
            Buffer body,
            boolean cut,
            @Nullable Duration usedUpFor) implements AttemptOutcome {
        /** One that says nothing of the receiver's limits. */
        Answered(int statusCode, @Nullable String retryAfter, Buffer body, boolean cut) {
            this(statusCode, retryAfter, body, cut, null);
        }
    }

    /** The connection failed, before or within the answer. */
    record Failed(int statusCode, String reason) implements AttemptOutcome {}

    /** The total time was over. */
    record TimedOut(int statusCode, String reason) implements AttemptOutcome {}

    /** The target may not be dialled, and was not. Says nothing about its address, so that nobody can probe. */
    record Blocked() implements AttemptOutcome {
        static final String REASON = "target address is not allowed";

        @Override
        public int statusCode() {
            return 0;
        }
    }

    /** It was broken off because this node stops; its result is not known. */
    record Aborted() implements AttemptOutcome {
        @Override
        public int statusCode() {
            return 0;
        }
    }
}
