package io.posthorn.storage.api;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Entity;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import io.posthorn.contract.WaitCause;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a store is made of, in a form that every engine can write: the unit of moving from one engine to another. */
public sealed interface StoredItem {
    /** An application, endpoint or event type with its version. */
    record OfEntity(Entity entity) implements StoredItem {}

    /**
     * What a store knows of the queue of an endpoint beside its deliveries. Counts of deliveries follow from the
     * messages, those that retention has removed from here.
     *
     * @param removed whether the endpoint was deleted: what still waits is to be cancelled
     * @param parkedUntil null when it is not parked
     * @param firstBatch the most deliveries of the first claim after the parking; 0 for no bound
     * @param succeededGone deliveries that ended so and whose records retention has removed; likewise the next two
     * @param circuit null where it never opened; the target's own stands where it has one
     */
    record OfQueue(
            ApplicationId application,
            EndpointId endpoint,
            boolean removed,
            @Nullable Instant parkedUntil,
            WaitCause parkCause,
            int firstBatch,
            long succeededGone,
            long failedGone,
            long cancelledGone,
            @Nullable Circuit circuit)
            implements StoredItem {}

    /**
     * A message with all that belongs to it, moved as one.
     *
     * @param message with its payload, if it still has one
     * @param deliveries one for each endpoint that it went to
     */
    record OfMessage(Message message, List<OpenOrEnded> deliveries, List<Attempt> attempts) implements StoredItem {
        public OfMessage {
            deliveries = List.copyOf(deliveries);
            attempts = List.copyOf(attempts);
        }
    }

    /**
     * A delivery and its place in the queue. What was in flight waits, with the place it had.
     *
     * @param delivery never {@link io.posthorn.contract.DeliveryState#IN_FLIGHT}
     * @param firstClass whether it stands before retries
     * @param trigger of its next attempt
     */
    record OpenOrEnded(Delivery delivery, boolean firstClass, Trigger trigger) {}

    /**
     * What a request with an idempotency key made: a message or an entity.
     *
     * @param usedAt when, to the day at least
     * @param application of the message; null where it was an entity
     */
    record OfKey(
            IdempotencyKey key,
            Instant usedAt,
            @Nullable Entity entity,
            @Nullable ApplicationId application,
            @Nullable MessageId message)
            implements StoredItem {}

    /**
     * A background task.
     *
     * @param lookedAt the last message that a task that runs has looked at, in order of ids; null where it begins, or
     *     begins again: a task that only cancels may look twice
     */
    record OfTask(BackgroundTask task, @Nullable MessageId lookedAt) implements StoredItem {
        /** A task that has ended, or that begins. */
        public OfTask(BackgroundTask task) {
            this(task, null);
        }
    }
}
