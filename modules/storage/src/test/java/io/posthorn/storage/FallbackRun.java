package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.Requests;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.local.EngineOptions;
import io.posthorn.storage.local.LocalEngines;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.Futures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Programs with a fallback, one after the other over the same two stores, and what they accepted and delivered. */
final class FallbackRun implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(30);

    private static final FallbackOptions QUICK = new FallbackOptions(
            Duration.ofMillis(500),
            Duration.ofMillis(100),
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            Duration.ofMillis(50));

    final Vertx vertx = Vertx.vertx();
    final InstantSource clock = InstantSource.system();
    final Fixtures fixtures = new Fixtures(clock);
    final SwitchableStore primary = new SwitchableStore(LocalEngines.memory(EngineOptions.defaults(), clock));
    final SwitchableStore spare = new SwitchableStore(LocalEngines.memory(EngineOptions.defaults(), clock));
    final List<MessageId> accepted = new ArrayList<>();

    /** How often each message was claimed. */
    final Map<String, Integer> claims = new TreeMap<>();

    private FallbackEngine engine;

    /** Starts a program. */
    void start() {
        engine = new FallbackEngine(vertx, primary::engine, spare.engine(), clock, QUICK);
        Futures.resultOf(engine.open());
    }

    /** Ends the program as {@code kill -9} does. */
    void crash() {
        primary.crash();
        spare.crash();
    }

    FallbackEngine engine() {
        return engine;
    }

    @Override
    public void close() {
        crash();
        Futures.resultOf(vertx.close());
        Futures.resultOf(Future.join(primary.direct().close(), spare.direct().close()));
    }

    RoleHealth.Check health() {
        return engine.health();
    }

    void awaitDetail(String part) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(health().detail()).contains(part));
    }

    /** Waits until the spare is used. */
    void awaitSpare() {
        awaitDetail("cannot be used since");
    }

    /** Waits until the primary has everything. */
    void awaitPrimary() {
        awaitDetail("memory: accepted events are lost");
    }

    <T extends Entity> T save(T entity) {
        return saveIn(engine, entity);
    }

    @SuppressWarnings("unchecked")
    <T extends Entity> T saveIn(StorageEngine where, T entity) {
        return (T) ((SaveOutcome.Saved) Futures.resultOf(where.save(new Requests.Save(entity, null)))).entity();
    }

    Application application() {
        return save(fixtures.application());
    }

    Endpoint endpoint(Application application) {
        return save(fixtures.endpoint(application.id()).build());
    }

    AppendOutcome append(NewMessage message) {
        return Futures.resultOf(engine.append(List.of(message))).get(0);
    }

    MessageId accept(ApplicationId application) {
        AppendOutcome.Appended appended =
                (AppendOutcome.Appended) append(fixtures.message(application).build());
        accepted.add(appended.message().id());
        return appended.message().id();
    }

    void accept(ApplicationId application, int count) {
        for (int i = 0; i < count; i++) {
            MessageId unused = accept(application);
        }
    }

    List<ClaimedDelivery> claim(int max) {
        List<ClaimedDelivery> claimed = Futures.resultOf(
                        engine.claim(new ClaimRequest(Fixtures.NODE, max, LEASE, Duration.ZERO)))
                .deliveries();
        claimed.forEach(one -> claims.merge(one.key().message().value(), 1, Integer::sum));
        return claimed;
    }

    Settlement success(ClaimedDelivery claimed) {
        Attempt attempt = fixtures.attempt(claimed, 200);
        return new Settlement(claimed.key(), claimed.fence(), new Settlement.Verdict.Succeeded(), attempt);
    }

    SettleOutcome succeed(ClaimedDelivery claimed) {
        return Futures.resultOf(engine.settle(List.of(success(claimed)))).get(0);
    }

    /** Claims and settles until everything that was accepted is delivered, and looks that nothing was claimed twice. */
    void deliverAllOnce() {
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            claim(100).forEach(this::succeed);
            Books books = primaryBooks();
            assertThat(books.succeeded()).isEqualTo(accepted.size());
            assertThat(books.waiting() + books.inFlight()).isZero();
        });
        assertThat(claims).allSatisfy((message, times) -> assertThat(times).isEqualTo(1));
        assertThat(claims.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        accepted.stream().map(MessageId::value).toList());
    }

    Books primaryBooks() {
        return Futures.resultOf(primary.direct().backlog()).books();
    }

    Books spareBooks() {
        return Futures.resultOf(spare.direct().backlog()).books();
    }
}
