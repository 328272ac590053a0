package io.posthorn.contract;

import org.jspecify.annotations.Nullable;

/** Single requests to storage that are not queries. */
public final class Requests {
    private Requests() {}

    /** Store a new or changed entity; answered by {@link SaveOutcome}. */
    public record Save(Entity entity, @Nullable IdempotencyKey idempotencyKey) {}

    /**
     * Try a delivery once more by hand, at once, whatever its state; answered by {@link Done}. Fails with
     * {@link ErrorCode#NOT_FOUND}, or {@link ErrorCode#MISSING_PAYLOAD} when the payload is gone.
     */
    public record Resend(DeliveryKey key) {}

    /**
     * End every lease that a node holds, since it is gone: what it had in flight waits again, with the attempt number it
     * had. Answered by {@link Done}.
     */
    public record ReleaseLeases(NodeId node) {}

    /** Drop the payload of a message; answered by {@link Done}. Fails with {@link ErrorCode#NOT_FOUND}. */
    public record ExpungeMessage(ApplicationId application, MessageId message) {}

    /** Drop the response of an attempt; answered by {@link Done}. Fails with {@link ErrorCode#NOT_FOUND}. */
    public record ExpungeAttempt(ApplicationId application, MessageId message, AttemptId attempt) {}

    /**
     * Begin work in the background; answered by {@link BackgroundTask}. Fails with {@link ErrorCode#NOT_FOUND} when the
     * endpoint is not there. The same id again answers the task as it stands.
     */
    public record StartTask(TaskId id, OrganizationId organization, BackgroundTask.Work work) {}

    /** It is done, and durable. */
    public record Done() {}
}
