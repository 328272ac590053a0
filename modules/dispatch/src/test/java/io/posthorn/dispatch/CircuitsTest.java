package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.config.CircuitConfig;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CircuitsTest {
    private static final int THRESHOLD = 3;
    private static final CircuitConfig CONFIG =
            new CircuitConfig(THRESHOLD, Duration.ofSeconds(10), Duration.ofSeconds(60));

    private final Vertx vertx = Vertx.vertx();
    private final ManualClock clock = new ManualClock(Samples.NOW);
    private final AtomicInteger made = new AtomicInteger();
    private final Endpoint endpoint = Samples.endpoint("https://receiver.example.com/hooks");
    private final Circuits circuits = circuits(CONFIG);

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void opensAfterSoManyFailuresInARow() {
        // When
        Circuit first = failed(null);
        Circuit second = failed(null);
        Circuit third = failed(null);

        // Then
        assertThat(first).isNull();
        assertThat(second).isNull();
        assertThat(third).isNotNull().matches(Circuit::isOpen);
        assertThat(third.openings()).isEqualTo(1);
        assertThat(third.reason()).isEqualTo("3 failures in a row, the last: status 500");
        assertThat(third.until())
                .isBetween(clock.instant().plusSeconds(9), clock.instant().plusSeconds(11));
    }

    @Test
    void successBetweenThemBeginsAnew() {
        // Given
        assertThat(failed(null)).isNull();
        assertThat(failed(null)).isNull();

        // When
        Circuit succeeded = after(null, true, 200);

        // Then
        assertThat(succeeded).isNull();
        assertThat(failed(null)).isNull();
        assertThat(failed(null)).isNull();
        assertThat(failed(null)).isNotNull();
    }

    @Test
    void endpointThatWorksCostsNothing() {
        // Given
        ClaimedDelivery delivery = delivery(null);

        // Then
        assertThat(circuits.isUntouchedBy(delivery, true)).isTrue();
        assertThat(circuits.isUntouchedBy(delivery, false)).isFalse();
        assertThat(made).hasValue(0);
    }

    @Test
    void receiverThatAsksForAPauseIsNotFailing() {
        // When
        for (int i = 0; i < 2 * THRESHOLD; i++) {
            assertThat(after(null, false, 429)).isNull();
        }

        // Then
        assertThat(made).hasValue(0);
    }

    @Test
    void probeDecides() {
        // Given
        Circuit open = Circuit.opened(null, 1, clock.instant(), clock.instant().plusSeconds(10), "status 500");

        // When
        Circuit closed = after(open, true, 200);
        Circuit reopened = after(open, false, 503);
        Circuit unknown = after(open, false, 429);

        // Then
        assertThat(closed).isNotNull().matches(circuit -> !circuit.isOpen());
        assertThat(closed.version()).isEqualTo(2);
        assertThat(reopened).isNotNull().matches(Circuit::isOpen);
        assertThat(reopened.openings()).isEqualTo(2);
        assertThat(unknown).isNull();
    }

    @Test
    void staysOpenForLongerEachTimeUpToTheLongest() {
        // Given
        Circuit circuit = null;
        long[] seconds = new long[6];

        // When
        for (int i = 0; i < seconds.length; i++) {
            Instant now = clock.instant();
            circuit = circuit == null ? opened(now) : after(circuit, false, 500);
            seconds[i] = Math.round(Duration.between(now, circuit.until()).toMillis() / 1000.0);
        }

        // Then
        assertThat(seconds[1]).isBetween(18L, 22L);
        assertThat(seconds[2]).isBetween(36L, 44L);
        assertThat(seconds[3]).isBetween(54L, 66L);
        assertThat(seconds[5]).isBetween(54L, 66L);
    }

    @Test
    void oneThatWasClosedForLongBeginsAnew() {
        // Given
        Circuit closed = Circuit.closed(
                Circuit.opened(null, 4, clock.instant(), clock.instant().plusSeconds(60), "status 500"),
                clock.instant(),
                "status 200");

        // When
        clock.advance(Duration.ofSeconds(59));
        Circuit soon = openedAfter(closed);
        clock.advance(Duration.ofSeconds(1));
        Circuit late = openedAfter(closed);

        // Then
        assertThat(soon.openings()).isEqualTo(5);
        assertThat(late.openings()).isEqualTo(1);
    }

    @Test
    void resultsOfBeforeItOpenedDoNotOpenItAgain() {
        // Given
        Circuit open = opened(clock.instant());
        Circuit closed = Circuit.closed(open, clock.instant(), "status 200");
        assertThat(failed(closed)).isNull();

        // When
        for (int i = 0; i < 2 * THRESHOLD; i++) {
            assertThat(failed(null)).isNull();
        }

        // Then
        assertThat(failed(closed)).isNull();
        assertThat(failed(closed)).isNotNull();
    }

    @Test
    void neverOpensByItselfWhenTurnedOff() {
        // Given
        Circuits off = circuits(new CircuitConfig(0, Duration.ofSeconds(10), Duration.ofSeconds(60)));

        // When
        for (int i = 0; i < 50; i++) {
            assertThat(Futures.resultOf(off.after(delivery(null), false, 500, "status 500")))
                    .isNull();
        }

        // Then
        assertThat(made).hasValue(0);
    }

    private Circuits circuits(CircuitConfig config) {
        var breakers = Breakers.of(vertx, config, Duration.ofSeconds(1));
        return new Circuits(
                config,
                () -> {
                    made.incrementAndGet();
                    return breakers.get();
                },
                new DispatchMetrics(new SimpleMeterRegistry()),
                clock,
                new SplittableRandom(1));
    }

    private Circuit opened(Instant now) {
        return Circuit.opened(null, 1, now, now.plusSeconds(10), "status 500");
    }

    private Circuit openedAfter(Circuit closed) {
        Circuit opened = null;
        for (int i = 0; i < THRESHOLD; i++) {
            opened = failed(closed);
        }
        assertThat(opened).isNotNull();
        return opened;
    }

    private Circuit failed(Circuit circuit) {
        return after(circuit, false, 500);
    }

    private Circuit after(Circuit circuit, boolean succeeded, int status) {
        return Futures.resultOf(circuits.after(delivery(circuit), succeeded, status, "status " + status));
    }

    private ClaimedDelivery delivery(Circuit circuit) {
        ClaimedDelivery plain = Samples.delivery(endpoint);
        return new ClaimedDelivery(
                plain.key(),
                plain.fence(),
                plain.leaseUntil(),
                plain.attempt(),
                plain.trigger(),
                plain.message(),
                endpoint,
                circuit,
                null);
    }
}
