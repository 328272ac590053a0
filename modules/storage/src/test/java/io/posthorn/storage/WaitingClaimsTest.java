package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.bus.Deadline;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.Claimed;
import io.posthorn.storage.api.ClaimAnswer;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.Futures;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine whose claims are answered when the test says so. */
class WaitingClaimsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ClaimAnswer NOTHING = new ClaimAnswer(List.of(), null);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final InstantSource clock = InstantSource.system();
    private final DispatchTraffic traffic = new DispatchTraffic(clock);
    private final ManualTimers timers = new ManualTimers();
    private final BlockingQueue<Promise<ClaimAnswer>> asked = new LinkedBlockingQueue<>();
    private WaitingClaims claims;

    @BeforeEach
    void make() {
        StorageEngine engine = (StorageEngine) Proxy.newProxyInstance(
                StorageEngine.class.getClassLoader(), new Class<?>[] {StorageEngine.class}, (proxy, method, parts) -> {
                    assertThat(method.getName()).isEqualTo("claim");
                    Promise<ClaimAnswer> promise = Promise.promise();
                    asked.add(promise);
                    return promise.future();
                });
        AppendPace pace = new AppendPace(
                messages -> Future.succeededFuture(List.of()),
                new DeliveryPressure(timers, clock, () -> 0),
                timers,
                timers);
        claims = new WaitingClaims(engine, new EngineCalls(context), pace, timers, clock);
    }

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void asksAgainWhenWorkWasAnnouncedWhileItAsked() throws InterruptedException {
        // Given
        Future<Claimed> claimed = claim();
        Promise<ClaimAnswer> first = nextAsked();

        // When
        claims.workArrived();
        first.complete(NOTHING);
        nextAsked().complete(new ClaimAnswer(traffic.found(1), null));

        // Then
        assertThat(Futures.resultOf(claimed).deliveries()).hasSize(1);
    }

    @Test
    void announcementAsksOnItsOwnThreadForAClaimThatWaits() throws InterruptedException {
        // Given
        Future<Claimed> claimed = claim();
        nextAsked().complete(NOTHING);
        settle();

        // When
        claims.workArrived();
        Promise<ClaimAnswer> second = asked.poll();

        // Then
        assertThat(second).isNotNull();
        second.complete(new ClaimAnswer(traffic.found(2), null));
        assertThat(Futures.resultOf(claimed).deliveries()).hasSize(2);
    }

    @Test
    void oneAnnouncementWakesOneClaim() throws InterruptedException {
        // Given
        Future<Claimed> one = claim();
        nextAsked().complete(NOTHING);
        Future<Claimed> other = claim();
        nextAsked().complete(NOTHING);
        settle();

        // When
        claims.workArrived();

        // Then
        assertThat(asked).hasSize(1);
        nextAsked().complete(new ClaimAnswer(traffic.found(1), null));
        settle();
        assertThat(List.of(one, other)).filteredOn(Future::isComplete).hasSize(1);
    }

    private Future<Claimed> claim() {
        Promise<Claimed> promise = Promise.promise();
        context.runOnContext(nothing -> claims.claim(
                        new ClaimRequest(Fixtures.NODE, 10, DispatchTraffic.LEASE, LONG),
                        Deadline.after(LONG.plus(LONG)))
                .onComplete(promise));
        return promise.future();
    }

    private Promise<ClaimAnswer> nextAsked() throws InterruptedException {
        Promise<ClaimAnswer> next = asked.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).as("the engine was asked").isNotNull();
        return next;
    }

    /** Waits until all that the context was given before has run. */
    private void settle() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(done::complete);
        Futures.resultOf(done.future());
    }
}
