package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.EntityDraft;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Applications, endpoints and event types as storage has them: found, checked, stored, removed. */
final class Catalogue {
    private static final int MAX_TRIES = 5;

    /** Timers are exact to a millisecond, and may be early by one. */
    private static final Duration MARGIN = Duration.ofMillis(20);

    private final Bus bus;
    private final Function<Duration, Future<Void>> pause;

    /** @param pause completes after that long */
    Catalogue(Bus bus, Function<Duration, Future<Void>> pause) {
        this.bus = bus;
        this.pause = pause;
    }

    /** The application that the path names, if the caller may see it; NOT_FOUND else. */
    Future<Application> application(Exchange exchange) {
        Caller caller = exchange.requireCaller();
        return application(caller.organization(), exchange.pathParameter("app_id"), exchange.deadline())
                .compose(found ->
                        caller.application() == null || caller.application().equals(found.id())
                                ? Future.succeededFuture(found)
                                : Future.failedFuture(new PosthornException(ErrorCode.NOT_FOUND, "Entity not found")));
    }

    Future<Application> application(OrganizationId organization, String reference, Deadline deadline) {
        return find(new StorageQuery.Find.OneApplication(organization, reference), deadline)
                .map(Application.class::cast);
    }

    /** The endpoint that the path names. */
    Future<Endpoint> endpoint(Exchange exchange) {
        return application(exchange)
                .compose(application ->
                        endpoint(application.id(), exchange.pathParameter("endpoint_id"), exchange.deadline()));
    }

    Future<Endpoint> endpoint(ApplicationId application, String reference, Deadline deadline) {
        return find(new StorageQuery.Find.OneEndpoint(application, reference), deadline)
                .map(Endpoint.class::cast);
    }

    Future<EventType> eventType(OrganizationId organization, String name, Deadline deadline) {
        return find(new StorageQuery.Find.OneEventType(organization, name), deadline)
                .map(EventType.class::cast);
    }

    private Future<Entity> find(StorageQuery.Find query, Deadline deadline) {
        return bus.request(Addresses.FIND, query, deadline.forNested()).map(StorageQuery.Found::entity);
    }

    Future<StorageQuery.EntityPage> list(StorageQuery.ListEntities query, Deadline deadline) {
        return bus.request(Addresses.LIST, query, deadline.forNested());
    }

    Future<Requests.Done> remove(Removal removal, Deadline deadline) {
        return bus.request(Addresses.REMOVE, removal, deadline.forNested())
                .compose(done ->
                        removal instanceof Removal.OfEventType ? afterLease().map(done) : Future.succeededFuture(done));
    }

    /** Completes when no validator uses any longer what it read of an event type before now. */
    private Future<Void> afterLease() {
        return pause.apply(EventType.LEASE.plus(MARGIN));
    }

    /** Whether a validator may use what it read before: a new event type without a schema changes nothing for it. */
    private static boolean isLeased(Entity entity) {
        return entity instanceof EventType type && (type.schemas() != null || type.version() > 0);
    }

    /**
     * Has an entity checked and stored; fails with {@link InvalidRequest} when it breaks a rule. A changed event type
     * completes only when its schema is applied to every message that comes from then on.
     */
    Future<SaveOutcome> save(Entity entity, @Nullable IdempotencyKey key, Deadline deadline) {
        return check(entity, deadline)
                .compose(fine -> bus.request(Addresses.SAVE, new Requests.Save(entity, key), deadline.forNested()))
                .compose(outcome -> isLeased(entity) && isStored(outcome)
                        ? afterLease().map(outcome)
                        : Future.succeededFuture(outcome));
    }

    /** Has an entity checked only; fails with {@link InvalidRequest} when it breaks a rule. */
    Future<Void> check(Entity entity, Deadline deadline) {
        return bus.request(Addresses.CHECK_ENTITY, new EntityDraft(entity), deadline.forNested())
                .compose(verdict -> verdict.problems().isEmpty()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new InvalidRequest(verdict.problems())));
    }

    private static boolean isStored(SaveOutcome outcome) {
        return outcome instanceof SaveOutcome.Saved || outcome instanceof SaveOutcome.Repeated;
    }

    /** Stores a new entity; a taken name is CONFLICT. */
    <E extends Entity> Future<E> create(E entity, Class<E> type, @Nullable IdempotencyKey key, Deadline deadline) {
        return save(entity, key, deadline).compose(outcome -> stored(outcome, type));
    }

    /**
     * Reads an entity, edits it and stores it; begins again when somebody else changed it meanwhile, at most
     * {@value #MAX_TRIES} times, then fails with CONFLICT.
     */
    <E extends Entity> Future<E> change(
            Supplier<Future<E>> read, UnaryOperator<E> edit, Class<E> type, Deadline deadline) {
        return change(read, edit, type, deadline, MAX_TRIES);
    }

    private <E extends Entity> Future<E> change(
            Supplier<Future<E>> read, UnaryOperator<E> edit, Class<E> type, Deadline deadline, int tries) {
        return read.get()
                .compose(current -> save(edit.apply(current), null, deadline))
                .compose(outcome -> outcome instanceof SaveOutcome.Stale && tries > 1
                        ? change(read, edit, type, deadline, tries - 1)
                        : stored(outcome, type));
    }

    /** What was stored, or the failure that the outcome means. */
    static <E extends Entity> Future<E> stored(SaveOutcome outcome, Class<E> type) {
        if (outcome instanceof SaveOutcome.Saved saved) {
            return Future.succeededFuture(type.cast(saved.entity()));
        }
        if (outcome instanceof SaveOutcome.Repeated repeated) {
            return Future.succeededFuture(type.cast(repeated.entity()));
        }
        if (outcome instanceof SaveOutcome.KeyReused) {
            return Future.failedFuture(keyReused());
        }
        if (outcome instanceof SaveOutcome.NameTaken taken) {
            return Future.failedFuture(
                    new PosthornException(ErrorCode.CONFLICT, "the id, uid or name " + taken.name() + " is taken"));
        }
        return Future.failedFuture(
                new PosthornException(ErrorCode.CONFLICT, "it is being changed by others at the moment; try again"));
    }

    static PosthornException keyReused() {
        return new PosthornException(
                ErrorCode.KEY_REUSED, "this idempotency key was used before with another request body");
    }

    /** Whether a failure says that a thing does not exist. */
    static boolean isNotFound(Throwable failure) {
        return failure instanceof PosthornException known && known.code() == ErrorCode.NOT_FOUND;
    }
}
