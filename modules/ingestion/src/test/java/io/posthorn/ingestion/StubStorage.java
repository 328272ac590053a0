package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.Batches;
import io.posthorn.contract.Books;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.Message;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.WaitCause;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A storage role that keeps everything in lists, for the tests of its neighbour. */
final class StubStorage {
    final List<Entity> entities = new ArrayList<>();
    final List<Message> messages = new ArrayList<>();
    final List<NewMessage> appended = new ArrayList<>();
    final List<Integer> batchSizes = new ArrayList<>();
    final List<Attempt> attempts = new ArrayList<>();
    final List<Delivery> deliveries = new ArrayList<>();
    final List<Requests.Resend> resends = new ArrayList<>();
    final List<Object> expunged = new ArrayList<>();
    final List<Removal> removals = new ArrayList<>();
    final StubTasks tasks = new StubTasks();
    int staleSaves;

    /** What becomes of a message for an application that is not here. */
    AppendOutcome ofUnknownApplication = new AppendOutcome.NoSuchApplication();

    /** What is known of every delivery; null when there is none. */
    @Nullable
    DeliveryFacts facts;

    @Nullable
    PosthornException failure;

    @Nullable
    Promise<Void> hold;

    private final Map<String, String> bodies = new HashMap<>();
    private final Map<String, Object> made = new HashMap<>();

    Future<Void> serve(Bus bus) {
        List<Future<?>> all = new ArrayList<>();
        all.add(bus.serve(Addresses.APPEND, (q, d) -> append(q)));
        all.add(bus.serve(Addresses.SAVE, (q, d) -> Future.succeededFuture(save(q))));
        all.add(bus.serve(Addresses.REMOVE, (q, d) -> Future.succeededFuture(remove(q))));
        all.add(bus.serve(Addresses.FIND, (q, d) -> Future.succeededFuture(find(q))));
        all.add(bus.serve(Addresses.LIST, (q, d) -> Future.succeededFuture(list(q))));
        all.add(bus.serve(Addresses.MESSAGE, (q, d) -> Future.succeededFuture(message(q))));
        all.add(bus.serve(Addresses.MESSAGE_LIST, (q, d) -> Future.succeededFuture(messages(q))));
        all.add(bus.serve(Addresses.ATTEMPTS, (q, d) -> Future.succeededFuture(attempts(q))));
        all.add(bus.serve(Addresses.ATTEMPT, (q, d) -> Future.succeededFuture(attempt(q))));
        all.add(bus.serve(
                Addresses.MESSAGE_DELIVERIES,
                (q, d) -> Future.succeededFuture(deliveries(
                        q.page(),
                        x -> x.key().message().equals(q.message()),
                        x -> x.key().endpoint().value()))));
        all.add(bus.serve(
                Addresses.ENDPOINT_DELIVERIES,
                (q, d) -> Future.succeededFuture(deliveries(
                        q.page(),
                        x -> x.key().endpoint().equals(q.endpoint()) && (q.state() == null || q.state() == x.state()),
                        x -> x.key().message().value()))));
        all.add(bus.serve(
                Addresses.QUEUE,
                (q, d) -> Future.succeededFuture(
                        new QueueState(new Books(15, 5, 4, 3, 2, 1), null, WaitCause.READY, null, 10, null))));
        all.add(bus.serve(
                Addresses.APPLICATION_BACKLOG,
                (q, d) -> Future.succeededFuture(new Backlog.OfApplication(
                        TestClock.START.plusSeconds(90),
                        List.of(
                                new Backlog.Share(WaitCause.CIRCUIT_OPEN, 2, 7, TestClock.START),
                                new Backlog.Share(WaitCause.IN_FLIGHT, 1, 1, null))))));
        all.add(bus.serve(
                Addresses.EXPLAIN,
                (q, d) -> facts == null ? Future.failedFuture(notFound()) : Future.succeededFuture(facts)));
        all.add(bus.serve(Addresses.RESEND, (q, d) -> {
            resends.add(q);
            return Future.succeededFuture(new Requests.Done());
        }));
        all.add(bus.serve(Addresses.EXPUNGE_MESSAGE, (q, d) -> {
            expunged.add(q);
            return Future.succeededFuture(new Requests.Done());
        }));
        all.add(bus.serve(Addresses.EXPUNGE_ATTEMPT, (q, d) -> {
            expunged.add(q);
            return Future.succeededFuture(new Requests.Done());
        }));
        all.add(tasks.serve(bus));
        all.add(bus.serve(
                Addresses.healthOf("storage"),
                (q, d) -> Future.succeededFuture(new RoleHealth(
                        "storage", List.of(new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "stub"))))));
        return Future.all(all).mapEmpty();
    }

    private Future<Batches.AppendResults> append(Batches.Appends batch) {
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        synchronized (this) {
            batchSizes.add(batch.items().size());
        }
        Future<Void> go = hold == null ? Future.succeededFuture() : hold.future();
        return go.map(released -> new Batches.AppendResults(
                batch.items().stream().map(this::append).toList()));
    }

    private synchronized AppendOutcome append(NewMessage message) {
        Application application = application(message.organization(), message.application());
        if (application == null) {
            return ofUnknownApplication;
        }
        Object before = before(message.idempotencyKey());
        if (before != null) {
            return before instanceof Message m ? new AppendOutcome.Repeated(m) : new AppendOutcome.KeyReused();
        }
        if (message.eventId() != null
                && messages.stream().anyMatch(m -> message.eventId().equals(m.eventId()))) {
            return new AppendOutcome.EventIdTaken(message.eventId());
        }
        Message stored = new Message(
                message.id(),
                application.id(),
                message.eventType(),
                message.eventId(),
                message.channels(),
                TestClock.START,
                TestClock.START.plus(message.retention()),
                message.payload());
        appended.add(message);
        messages.add(stored);
        remember(message.idempotencyKey(), stored);
        return new AppendOutcome.Appended(stored, 0);
    }

    private @Nullable Object before(@Nullable IdempotencyKey key) {
        if (key == null || !made.containsKey(key.digest())) {
            return null;
        }
        return bodies.get(key.digest()).equals(key.bodyDigest()) ? made.get(key.digest()) : "reused";
    }

    private void remember(@Nullable IdempotencyKey key, Object result) {
        if (key != null) {
            made.put(key.digest(), result);
            bodies.put(key.digest(), key.bodyDigest());
        }
    }

    private synchronized SaveOutcome save(Requests.Save request) {
        Entity wanted = request.entity();
        Object before = before(request.idempotencyKey());
        if (before != null) {
            return before instanceof Entity e ? new SaveOutcome.Repeated(e) : new SaveOutcome.KeyReused();
        }
        if (wanted.version() > 0 && staleSaves > 0) {
            staleSaves--;
            return new SaveOutcome.Stale();
        }
        for (Entity other : entities) {
            boolean same = idOf(other).equals(idOf(wanted));
            if ((same && wanted.version() == 0) || (!same && uidOf(wanted) != null && sameName(other, wanted))) {
                return new SaveOutcome.NameTaken(uidOf(wanted) == null ? idOf(wanted) : uidOf(wanted));
            }
            if (same && other.version() != wanted.version()) {
                return new SaveOutcome.Stale();
            }
        }
        entities.removeIf(other -> idOf(other).equals(idOf(wanted)));
        Entity stored = wanted.withVersion(wanted.version() + 1);
        entities.add(stored);
        remember(request.idempotencyKey(), stored);
        return new SaveOutcome.Saved(stored);
    }

    private static boolean sameName(Entity other, Entity wanted) {
        return other.getClass() == wanted.getClass() && uidOf(wanted).equals(uidOf(other));
    }

    private synchronized Requests.Done remove(Removal removal) {
        removals.add(removal);
        entities.removeIf(entity -> removal instanceof Removal.OfApplication a
                        && entity instanceof Application x
                        && x.id().equals(a.application())
                || removal instanceof Removal.OfEndpoint e
                        && entity instanceof Endpoint y
                        && y.id().equals(e.endpoint())
                || removal instanceof Removal.OfEventType t
                        && entity instanceof EventType z
                        && z.name().equals(t.name()));
        return new Requests.Done();
    }

    private synchronized StorageQuery.Found find(StorageQuery.Find query) {
        Predicate<Entity> test;
        if (query instanceof StorageQuery.Find.OneApplication one) {
            Application found = application(one.organization(), one.reference());
            test = entity -> entity == found;
        } else if (query instanceof StorageQuery.Find.OneEndpoint one) {
            test = entity -> entity instanceof Endpoint e
                    && e.application().equals(one.application())
                    && (e.id().value().equals(one.reference())
                            || one.reference().equals(e.uid()));
        } else {
            StorageQuery.Find.OneEventType one = (StorageQuery.Find.OneEventType) query;
            test = entity -> entity instanceof EventType t && t.name().equals(one.name());
        }
        return new StorageQuery.Found(entities.stream().filter(test).findFirst().orElseThrow(StubStorage::notFound));
    }

    private @Nullable Application application(io.posthorn.contract.OrganizationId organization, String reference) {
        return entities.stream()
                .filter(Application.class::isInstance)
                .map(Application.class::cast)
                .filter(a -> a.organization().equals(organization))
                .filter(a -> a.id().value().equals(reference) || reference.equals(a.uid()))
                .findFirst()
                .orElse(null);
    }

    private synchronized StorageQuery.EntityPage list(StorageQuery.ListEntities query) {
        Predicate<Entity> test;
        if (query instanceof StorageQuery.ListEntities.Applications) {
            test = Application.class::isInstance;
        } else if (query instanceof StorageQuery.ListEntities.Endpoints) {
            test = Endpoint.class::isInstance;
        } else {
            StorageQuery.ListEntities.EventTypes types = (StorageQuery.ListEntities.EventTypes) query;
            test = entity -> entity instanceof EventType t
                    && (types.includeArchived() || !t.archived())
                    && (types.featureFlags() == null
                            || t.featureFlag() == null
                            || types.featureFlags().contains(t.featureFlag()));
        }
        List<Entity> found = entities.stream().filter(test).toList();
        Part<Entity> part = part(found, query.page(), StubStorage::idOf);
        return new StorageQuery.EntityPage(part.items, part.done);
    }

    private synchronized Message message(StorageQuery.OneMessage query) {
        return messages.stream()
                .filter(m -> m.id().value().equals(query.reference())
                        || query.reference().equals(m.eventId()))
                .map(m -> query.withPayload() ? m : m.withoutPayload())
                .findFirst()
                .orElseThrow(StubStorage::notFound);
    }

    private synchronized StorageQuery.MessagePage messages(StorageQuery.Messages query) {
        List<Message> found = messages.stream()
                .filter(m -> query.eventTypes() == null || query.eventTypes().contains(m.eventType()))
                .filter(m -> query.channel() == null || m.channels().contains(query.channel()))
                .toList();
        Part<Message> part = part(found, query.page(), m -> m.id().value());
        return new StorageQuery.MessagePage(part.items, part.done);
    }

    private synchronized StorageQuery.AttemptPage attempts(StorageQuery.Attempts query) {
        List<Attempt> found = attempts.stream()
                .filter(a -> query.message() == null || a.delivery().message().equals(query.message()))
                .filter(a -> query.endpoint() == null || a.delivery().endpoint().equals(query.endpoint()))
                .filter(a -> query.succeeded() == null || a.succeeded() == query.succeeded())
                .filter(a -> query.statusClass() == null || a.statusCode() / 100 == query.statusClass() / 100)
                .toList();
        Part<Attempt> part = part(found, query.page(), a -> a.id().value());
        return new StorageQuery.AttemptPage(part.items, part.done);
    }

    private synchronized Attempt attempt(StorageQuery.OneAttempt query) {
        return attempts.stream()
                .filter(a -> a.id().equals(query.attempt()))
                .findFirst()
                .orElseThrow(StubStorage::notFound);
    }

    private synchronized StorageQuery.DeliveryPage deliveries(
            PageRequest page, Predicate<Delivery> test, Function<Delivery, String> place) {
        Part<Delivery> part = part(deliveries.stream().filter(test).toList(), page, place);
        return new StorageQuery.DeliveryPage(part.items, part.done);
    }

    record Part<T>(List<T> items, boolean done) {}

    static <T> Part<T> part(List<T> all, PageRequest page, Function<T, String> place) {
        Comparator<T> order = Comparator.comparing(place);
        if (!page.ascending()) {
            order = order.reversed();
        }
        List<T> sorted =
                all.stream().sorted(page.backwards() ? order.reversed() : order).collect(Collectors.toList());
        if (page.from() != null) {
            boolean upwards = page.ascending() != page.backwards();
            sorted.removeIf(item -> upwards
                    ? place.apply(item).compareTo(page.from()) <= 0
                    : place.apply(item).compareTo(page.from()) >= 0);
        }
        boolean done = sorted.size() <= page.limit();
        List<T> items = new ArrayList<>(sorted.subList(0, Math.min(sorted.size(), page.limit())));
        if (page.backwards()) {
            Collections.reverse(items);
        }
        return new Part<>(items, done);
    }

    private static String idOf(Entity entity) {
        if (entity instanceof Application application) {
            return application.id().value();
        }
        return entity instanceof Endpoint endpoint ? endpoint.id().value() : ((EventType) entity).name();
    }

    private static @Nullable String uidOf(Entity entity) {
        if (entity instanceof Application application) {
            return application.uid();
        }
        return entity instanceof Endpoint endpoint ? endpoint.uid() : ((EventType) entity).name();
    }

    static PosthornException notFound() {
        return new PosthornException(ErrorCode.NOT_FOUND, "Entity not found");
    }

    /** The stored endpoint of that id. */
    synchronized Endpoint endpoint(String id) {
        return entities.stream()
                .filter(Endpoint.class::isInstance)
                .map(Endpoint.class::cast)
                .filter(e -> e.id().value().equals(id))
                .findFirst()
                .orElseThrow();
    }

    static Instant later(long millis) {
        return TestClock.START.plusMillis(millis);
    }
}
