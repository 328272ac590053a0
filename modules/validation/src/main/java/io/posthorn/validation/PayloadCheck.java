package io.posthorn.validation;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PayloadDraft;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Problem;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds payloads against the schemas of their event types. An event type is read from storage when what is known of it is
 * older than {@link EventType#LEASE}, once at a time. Belongs to one event loop; the checks themselves run on workers.
 */
final class PayloadCheck {
    private final EventSchemas schemas;
    private final SchemaWorkers workers;
    private final Bus bus;
    private final Map<StorageQuery.Find.OneEventType, Future<Read>> underWay = new HashMap<>();

    private record Read(@Nullable String schemas) {}

    PayloadCheck(EventSchemas schemas, SchemaWorkers workers, Bus bus) {
        this.schemas = schemas;
        this.workers = workers;
        this.bus = bus;
    }

    /**
     * Whether an event type has a schema or may have one; false only when it is known to have none. What is known for half
     * of its lease is read anew meanwhile, so that a busy event type without a schema never becomes unknown.
     */
    boolean isDue(OrganizationId organization, String eventType) {
        EventSchemas.Lease lease = schemas.known(organization, eventType);
        if (lease == null || lease.schemas() != null) {
            return true;
        }
        if (schemas.now() - lease.readAt() > EventType.LEASE.toNanos() / 2) {
            // When it fails the event type becomes unknown, and the next message of it reads it and fails alike.
            read(organization, eventType, Deadline.after(EventType.LEASE)).onFailure(unread -> {});
        }
        return false;
    }

    /**
     * Completes with where the payload differs. Fails with OVERLOADED when too many wait, with TIMEOUT when it took too
     * long, and as storage fails when the event type cannot be read.
     */
    Future<PayloadDraft.Verdict> check(PayloadDraft draft, Deadline deadline) {
        EventSchemas.Lease lease = schemas.known(draft.organization(), draft.eventType());
        Future<Read> read = lease == null
                ? read(draft.organization(), draft.eventType(), deadline)
                : Future.succeededFuture(new Read(lease.schemas()));
        return read.compose(found -> {
                    String text = found.schemas();
                    return text == null
                            ? Future.succeededFuture(List.<Problem>of())
                            : workers.run(() -> problems(text, draft));
                })
                .map(PayloadDraft.Verdict::new);
    }

    private List<Problem> problems(String text, PayloadDraft draft) {
        try {
            return schemas.check(text, draft.payload().getBytes());
        } catch (Budget.Spent e) {
            String message =
                    "the payload cannot be held against the schema of " + draft.eventType() + ": " + e.getMessage();
            if (e.isLate()) {
                throw new PosthornException(ErrorCode.TIMEOUT, message);
            }
            return List.of(new Problem(List.of("body", "payload"), message, "value_error.jsonschema"));
        }
    }

    private Future<Read> read(OrganizationId organization, String eventType, Deadline deadline) {
        StorageQuery.Find.OneEventType key = new StorageQuery.Find.OneEventType(organization, eventType);
        Future<Read> same = underWay.get(key);
        if (same != null) {
            return same;
        }
        long askedAt = schemas.now();
        Future<Read> asked = bus.request(Addresses.FIND, key, deadline.forNested())
                .map(found -> new Read(((EventType) found.entity()).schemas()))
                .recover(failure ->
                        isNotFound(failure) ? Future.succeededFuture(new Read(null)) : Future.failedFuture(failure))
                .onSuccess(found -> schemas.read(organization, eventType, found.schemas(), askedAt))
                .onComplete(done -> underWay.remove(key));
        if (!asked.isComplete()) {
            underWay.put(key, asked);
        }
        return asked;
    }

    private static boolean isNotFound(Throwable failure) {
        return failure instanceof PosthornException known && known.code() == ErrorCode.NOT_FOUND;
    }
}
