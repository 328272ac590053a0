package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ClaimedDelivery;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryPressureTest {
    private static final int STEP_MILLIS = 20;

    private final ManualTimers time = new ManualTimers();
    private final DispatchTraffic traffic = new DispatchTraffic();
    private final Deque<List<ClaimedDelivery>> held = new ArrayDeque<>();
    private double load = 0.95;
    private int looks;
    private final DeliveryPressure pressure = new DeliveryPressure(time, () -> {
        looks++;
        return load;
    });

    @Test
    void isHighWhenClaimsAreFullProcessorsBusyAndReceiversQuick() {
        // When
        run(1_000, 10, 0);

        // Then
        assertThat(pressure.isHigh()).isTrue();
        assertThat(pressure.settledPerSecond()).isBetween(490.0, 510.0);
    }

    @Test
    void needsFullClaimsForTwoHundredMilliseconds() {
        // Given
        run(1_000, 10, 0);
        pressure.claimed(DispatchTraffic.request(10), traffic.found(9));

        // When
        run(180, 10, 0);
        boolean early = pressure.isHigh();
        run(40, 10, 0);

        // Then
        assertThat(early).isFalse();
        assertThat(pressure.isHigh()).isTrue();
    }

    @Test
    void oneClaimThatFindsFewerEndsItAtOnce() {
        // Given
        run(1_000, 10, 0);

        // When
        pressure.claimed(DispatchTraffic.request(10), traffic.found(9));

        // Then
        assertThat(pressure.isHigh()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, -1, 0, 0.89})
    void needsProcessorsThatAreKnownToBeBusy(double shown) {
        // Given
        load = shown;

        // When
        run(2_000, 10, 0);

        // Then
        assertThat(pressure.isHigh()).isFalse();
    }

    @Test
    void endsWhenTheProcessorsAreBusyNoMore() {
        // Given
        run(1_000, 10, 0);

        // When
        load = 0.5;
        run(220, 10, 0);

        // Then
        assertThat(pressure.isHigh()).isFalse();
    }

    @Test
    void whatTheProcessorsDidBeforeClaimsWereFullDoesNotCount() {
        // Given: busy until now, and idle from now on
        long idleFrom = time.getAsLong() + 10_000_000_000L;
        long[] asked = {time.getAsLong()};
        DeliveryPressure later = new DeliveryPressure(time, () -> {
            long now = time.getAsLong();
            double busy = Math.max(0, idleFrom - asked[0]) / (double) Math.max(1, now - asked[0]);
            asked[0] = now;
            return busy;
        });
        time.advance(10_000);

        // When
        for (int i = 0; i < 12; i++) {
            List<ClaimedDelivery> found = traffic.found(10);
            later.claimed(DispatchTraffic.request(10), found);
            time.advance(STEP_MILLIS);
            later.settled(DispatchTraffic.results(found));
        }

        // Then
        assertThat(later.settledPerSecond()).isPositive();
        assertThat(later.isHigh()).isFalse();
    }

    @Test
    void slowReceiversAreNoPressure() {
        // When: each delivery is held for 300 ms
        run(3_000, 10, 15);

        // Then
        assertThat(pressure.isHigh()).isFalse();
    }

    @Test
    void receiversThatTakeTwoHundredMillisecondsAreQuickEnough() {
        // When
        run(3_000, 10, 10);

        // Then
        assertThat(pressure.isHigh()).isTrue();
    }

    @Test
    void neverHighWithoutSettlements() {
        // When
        for (int i = 0; i < 100; i++) {
            pressure.claimed(DispatchTraffic.request(1), traffic.found(1));
            time.advance(STEP_MILLIS);
        }

        // Then
        assertThat(pressure.isHigh()).isFalse();
    }

    @Test
    void endsHalfASecondAfterTheLastSettlement() {
        // Given
        run(1_000, 10, 0);

        // When
        time.advance(501);

        // Then
        assertThat(pressure.isHigh()).isFalse();
    }

    @Test
    void whatALostDispatcherHeldHidesItForOneLeaseOnly() {
        // Given: 2,000 deliveries that nobody settles
        pressure.claimed(DispatchTraffic.request(2_000), traffic.found(2_000));

        // When
        run(1_000, 10, 0);
        boolean during = pressure.isHigh();
        run(DispatchTraffic.LEASE.toMillis(), 10, 0);

        // Then
        assertThat(during).isFalse();
        assertThat(pressure.isHigh()).isTrue();
    }

    @Test
    void doesNotLookAtTheProcessorsWithoutFullClaims() {
        // When
        for (int i = 0; i < 100; i++) {
            pressure.claimed(DispatchTraffic.request(10), traffic.found(9));
            time.advance(STEP_MILLIS);
            assertThat(pressure.isHigh()).isFalse();
        }

        // Then
        assertThat(looks).isZero();
    }

    @Test
    void looksAtTheProcessorsAtMostEveryTwoHundredMilliseconds() {
        // When
        for (int i = 0; i < 100; i++) {
            run(STEP_MILLIS, 10, 0);
            boolean unused = pressure.isHigh();
            pressure.claimed(DispatchTraffic.request(10), traffic.found(i % 3 == 0 ? 9 : 10));
        }

        // Then: within 2 s
        assertThat(looks).isBetween(5, 11);
    }

    /** Dispatchers claim so many each 20 ms, find them, and hold them for so many steps. */
    private void run(long millis, int count, int heldSteps) {
        for (long passed = 0; passed < millis; passed += STEP_MILLIS) {
            List<ClaimedDelivery> found = traffic.found(count);
            pressure.claimed(DispatchTraffic.request(count), found);
            held.add(found);
            time.advance(STEP_MILLIS);
            while (held.size() > heldSteps) {
                pressure.settled(DispatchTraffic.results(held.remove()));
            }
        }
    }
}
