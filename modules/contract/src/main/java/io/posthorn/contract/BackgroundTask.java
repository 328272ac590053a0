package io.posthorn.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Work on many deliveries of one endpoint, done in small steps by whatever storage node is there, until it ends or
 * fails. It is stored: a restart goes on where the last step ended.
 *
 * @param changed how many deliveries it has made, put back or cancelled so far
 * @param scanned how many records it has looked at so far
 * @param failure why it failed, safe to show; null unless {@link Status#FAILED}
 * @param updatedAt when its last step ended
 */
public record BackgroundTask(
        TaskId id,
        OrganizationId organization,
        Work work,
        Status status,
        long changed,
        long scanned,
        @Nullable String failure,
        Instant createdAt,
        Instant updatedAt) {
    /** The longest window of {@link Recover} and {@link ReplayMissing}, in days. */
    public static final int MAX_WINDOW_DAYS = 14;

    /** Where a task stands. The last two are ends. */
    public enum Status {
        RUNNING,
        FINISHED,
        FAILED
    }

    /** What is to be done. All bounds are times at which messages were accepted. */
    public sealed interface Work {
        /** The endpoint's application. */
        ApplicationId application();

        /** The endpoint whose deliveries it works on. */
        EndpointId endpoint();
    }

    /**
     * Sends what failed once more: every failed delivery of a message of {@code [since, until)} whose payload is still
     * there, as by a resend: one attempt, {@link Trigger#MANUAL}, numbered on. Unlike after a resend, fresh events and
     * retries that are due before it go first.
     */
    public record Recover(ApplicationId application, EndpointId endpoint, Instant since, Instant until)
            implements Work {}

    /**
     * Sends what the endpoint never got: every message of {@code [since, until)} that it wants by its present filters,
     * disabled or not, has no delivery for and whose payload is still there. These deliveries go by the retry policy;
     * fresh events go before them.
     */
    public record ReplayMissing(ApplicationId application, EndpointId endpoint, Instant since, Instant until)
            implements Work {}

    /** Cancels what waits, of messages accepted before that time. What is in flight goes its way. */
    public record CancelWaiting(ApplicationId application, EndpointId endpoint, Instant until) implements Work {}

    /** Whether nothing more will happen. */
    public boolean isEnd() {
        return status != Status.RUNNING;
    }

    /** The task after one more step. */
    public BackgroundTask advanced(long newChanged, long newScanned, boolean finished, Instant now) {
        return new BackgroundTask(
                id,
                organization,
                work,
                finished ? Status.FINISHED : Status.RUNNING,
                changed + newChanged,
                scanned + newScanned,
                null,
                createdAt,
                now);
    }

    /** The task after a step that showed that it cannot go on. */
    public BackgroundTask failed(String why, Instant now) {
        return new BackgroundTask(id, organization, work, Status.FAILED, changed, scanned, why, createdAt, now);
    }
}
