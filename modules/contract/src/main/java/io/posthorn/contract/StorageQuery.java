package io.posthorn.contract;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Questions to storage. Each record says what answers it. */
public final class StorageQuery {
    private StorageQuery() {}

    /** Which store it is that is asked; answered by {@link Store}. */
    public record WhichStore() {}

    /**
     * The answer to {@link WhichStore}.
     *
     * @param id made when the store was made, and never the same twice
     * @param engine the name of the engine, such as {@code redis}
     */
    public record Store(String id, String engine) {}

    /** One entity, by id or by its uid or name; fails with {@link ErrorCode#NOT_FOUND}. */
    public sealed interface Find {
        /** An application by id or uid. */
        record OneApplication(OrganizationId organization, String reference) implements Find {}

        /** An endpoint by id or uid. */
        record OneEndpoint(ApplicationId application, String reference) implements Find {}

        /** An event type by name. */
        record OneEventType(OrganizationId organization, String name) implements Find {}
    }

    /** The answer to {@link Find}. */
    public record Found(Entity entity) {}

    /** A page of entities. */
    public sealed interface ListEntities {
        /** Which part. */
        PageRequest page();

        /** Applications of an organisation, by id. */
        record Applications(OrganizationId organization, PageRequest page) implements ListEntities {}

        /** Endpoints of an application, by id. */
        record Endpoints(ApplicationId application, PageRequest page) implements ListEntities {}

        /**
         * Event types of an organisation, by name.
         *
         * @param featureFlags null for all; else only those with no flag or one of these
         */
        record EventTypes(
                OrganizationId organization,
                boolean includeArchived,
                @Nullable Set<String> featureFlags,
                PageRequest page)
                implements ListEntities {}
    }

    /**
     * The answer to {@link ListEntities}.
     *
     * @param done whether the list ends here, in the direction that was read
     */
    public record EntityPage(List<Entity> items, boolean done) {
        public EntityPage {
            items = Copies.list(items);
        }
    }

    /** One message by id or eventId; answered by {@link Message}, fails with {@link ErrorCode#NOT_FOUND}. */
    public record OneMessage(ApplicationId application, String reference, boolean withPayload) {}

    /** Messages of an application, newest first, of {@code [after, before)}; answered by {@link MessagePage}. */
    public record Messages(
            ApplicationId application,
            @Nullable Set<String> eventTypes,
            @Nullable String channel,
            @Nullable Instant after,
            @Nullable Instant before,
            boolean withPayload,
            PageRequest page) {}

    /** The answer to {@link Messages}. */
    public record MessagePage(List<Message> items, boolean done) {
        public MessagePage {
            items = Copies.list(items);
        }
    }

    /** The deliveries of a message, by endpoint id; answered by {@link DeliveryPage}. */
    public record DeliveriesOfMessage(ApplicationId application, MessageId message, PageRequest page) {}

    /** The deliveries of an endpoint that were tried at least once, newest message first. */
    public record DeliveriesOfEndpoint(
            ApplicationId application,
            EndpointId endpoint,
            @Nullable DeliveryState state,
            @Nullable Instant after,
            @Nullable Instant before,
            PageRequest page) {}

    /** The answer to {@link DeliveriesOfMessage} and {@link DeliveriesOfEndpoint}. */
    public record DeliveryPage(List<Delivery> items, boolean done) {
        public DeliveryPage {
            items = Copies.list(items);
        }
    }

    /**
     * Attempts, newest first; at least one of message and endpoint is given.
     *
     * @param succeeded null for both kinds
     * @param statusClass null for all, 0 for no response, else 100, 200, ... 500
     */
    public record Attempts(
            ApplicationId application,
            @Nullable MessageId message,
            @Nullable EndpointId endpoint,
            @Nullable Boolean succeeded,
            @Nullable Integer statusClass,
            @Nullable Instant after,
            @Nullable Instant before,
            PageRequest page) {}

    /** The answer to {@link Attempts}. */
    public record AttemptPage(List<Attempt> items, boolean done) {
        public AttemptPage {
            items = Copies.list(items);
        }
    }

    /** One attempt of a message; answered by {@link Attempt}, fails with {@link ErrorCode#NOT_FOUND}. */
    public record OneAttempt(ApplicationId application, MessageId message, AttemptId attempt) {}

    /** The queue of an endpoint; answered by {@link QueueState}. All queues together: {@link Backlog}. */
    public record QueueOf(ApplicationId application, EndpointId endpoint) {}

    /** One background task; answered by {@link BackgroundTask}, fails with {@link ErrorCode#NOT_FOUND}. */
    public record OneTask(OrganizationId organization, TaskId task) {}

    /**
     * Background tasks of an organisation, by id; answered by {@link TaskPage}.
     *
     * @param status null for all
     */
    public record Tasks(OrganizationId organization, BackgroundTask.@Nullable Status status, PageRequest page) {}

    /** The answer to {@link Tasks}. */
    public record TaskPage(List<BackgroundTask> items, boolean done) {
        public TaskPage {
            items = Copies.list(items);
        }
    }
}
