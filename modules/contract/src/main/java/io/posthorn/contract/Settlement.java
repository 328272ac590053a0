package io.posthorn.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The result of a claimed delivery.
 *
 * @param fence the fence under which it was claimed
 * @param attempt the attempt that was made; null when none was
 * @param circuit what the endpoint's circuit becomes by it, unless the settlement is fenced or somebody else changed it
 *     meanwhile; null when it stays
 */
public record Settlement(
        DeliveryKey key,
        long fence,
        Verdict verdict,
        @Nullable Attempt attempt,
        @Nullable Circuit circuit) {
    /** One that leaves the circuit as it is. */
    public Settlement(DeliveryKey key, long fence, Verdict verdict, @Nullable Attempt attempt) {
        this(key, fence, verdict, attempt, null);
    }

    /** What becomes of the delivery. */
    public sealed interface Verdict {
        /** The receiver has it. */
        record Succeeded() implements Verdict {}

        /** It failed and is tried again at that time. */
        record Retry(Instant at) implements Verdict {}

        /** It failed and the policy has ended. */
        record Exhausted() implements Verdict {}

        /** It was not tried: no attempt is counted, and it is due again at that time, in its old class. */
        record Deferred(Instant until, WaitCause cause) implements Verdict {}

        /** It is withdrawn. */
        record Cancelled() implements Verdict {}
    }
}
