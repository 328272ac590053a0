package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.MessageId;
import io.posthorn.testkit.Fixtures;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryPressureTest {
    private static final int STEP_MILLIS = 20;

    private final ManualTimers time = new ManualTimers();
    private final DispatchTraffic traffic = new DispatchTraffic(time.clock());
    private final Deque<List<ClaimedDelivery>> held = new ArrayDeque<>();
    private double load = 0.95;
    private int looks;
    private final DeliveryPressure pressure = new DeliveryPressure(time, time.clock(), () -> {
        looks++;
        return load;
    });

    @Test
    void isHighWhenDeliveriesWaitProcessorsAreBusyAndReceiversQuick() {
        // When
        run(1_000, 10, 0);

        // Then
        assertThat(pressure.isHigh()).isTrue();
        assertThat(pressure.settledPerSecond()).isBetween(490.0, 510.0);
    }

    @Test
    void needsDeliveriesThatWaitForTwoHundredMilliseconds() {
        // Given: settlements, so that their rate is known
        for (int i = 0; i < 50; i++) {
            handOut(10, 20, 5, 1);
        }
        boolean fresh = pressure.isHigh();

        // When
        run(180, 10, 0);
        boolean early = pressure.isHigh();
        run(120, 10, 0);

        // Then
        assertThat(fresh).isFalse();
        assertThat(early).isFalse();
        assertThat(pressure.isHigh()).isTrue();
    }

    @Test
    void claimsThatFindFewerBecauseOfTheLimitOfAnEndpointAreNoSignThatNothingWaits() {
        // When
        for (int i = 0; i < 30; i++) {
            List<ClaimedDelivery> found = traffic.found(10);
            pressure.claimed(DispatchTraffic.request(500), found);
            pressure.claimed(DispatchTraffic.request(500), List.of());
            time.advance(STEP_MILLIS);
            pressure.settled(DispatchTraffic.results(found));
        }

        // Then
        assertThat(pressure.isHigh()).isTrue();
    }

    @Test
    void fullClaimsOfWhatHasJustComeInAreNoPressure() {
        // When
        for (int i = 0; i < 50; i++) {
            handOut(10, 10, 5, 1);
        }

        // Then
        assertThat(pressure.isHigh()).isFalse();
    }

    @Test
    void retriesWaitWhileClaimsAreFull() {
        // When
        for (int i = 0; i < 50; i++) {
            handOut(10, 10, 60_000, 2);
        }
        boolean full = pressure.isHigh();
        for (int i = 0; i < 10; i++) {
            handOut(10, 11, 60_000, 2);
        }

        // Then
        assertThat(full).isTrue();
        assertThat(pressure.isHigh()).isFalse();
    }

    @Test
    void fewDeliveriesThatWaitAmongManyThatDoNotAreNoPressure() {
        // When: an endpoint with an old backlog, which its own receiver delays
        for (int i = 0; i < 50; i++) {
            handOut(4, 500, 60_000, 1);
            handOut(6, 500, 5, 1);
        }

        // Then
        assertThat(pressure.isHigh()).isFalse();
    }

    @Test
    void theWayOfMessagesToTheirAppendDoesNotCount() {
        // When: they took 900 ms to their append, as when they were held, and 100 ms from there
        Fixtures fixtures = new Fixtures(time.clock());
        for (int i = 0; i < 200; i++) {
            pressure.appended(List.of(fixtures.message(fixtures.application().id())
                    .id(MessageId.at(time.clock().millis() - 900))
                    .build()));
            handOut(10, 10, 1_000, 1);
        }

        // Then
        assertThat(pressure.isHigh()).isFalse();
    }

    @Test
    void aWayThatWasLongOnceIsForgotten() {
        // Given
        Fixtures fixtures = new Fixtures(time.clock());
        pressure.appended(List.of(fixtures.message(fixtures.application().id())
                .id(MessageId.at(time.clock().millis() - 900))
                .build()));

        // When
        for (int i = 0; i < 150; i++) {
            pressure.appended(List.of(fixtures.message(fixtures.application().id())
                    .id(MessageId.at(time.clock().millis() - 5))
                    .build()));
            handOut(10, 10, 1_000, 1);
        }

        // Then
        assertThat(pressure.isHigh()).isTrue();
    }

    @Test
    void anEmptyClaimWhileNothingIsInFlightEndsItAtOnce() {
        // Given
        run(1_000, 10, 0);

        // When
        pressure.claimed(DispatchTraffic.request(10), List.of());

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
        boolean before = pressure.isHigh();

        // When
        load = 0.74;
        run(220, 10, 0);

        // Then
        assertThat(before).isTrue();
        assertThat(pressure.isHigh()).isFalse();
    }

    @Test
    void processorsThatAreALittleLessBusyForAShortWhileDoNotEndIt() {
        // Given
        run(1_000, 10, 0);
        boolean before = pressure.isHigh();

        // When
        load = 0.8;
        run(220, 10, 0);
        boolean meanwhile = pressure.isHigh();
        load = 0.7;
        run(220, 10, 0);
        boolean after = pressure.isHigh();
        load = 0.8;
        run(220, 10, 0);

        // Then: what ended begins again at 90 % only
        assertThat(before).isTrue();
        assertThat(meanwhile).isTrue();
        assertThat(after).isFalse();
        assertThat(pressure.isHigh()).isFalse();
    }

    @Test
    void whatTheProcessorsDidBeforeDeliveriesWaitedDoesNotCount() {
        // Given: busy until now, and idle from now on
        long idleFrom = time.getAsLong() + 10_000_000_000L;
        long[] asked = {time.getAsLong()};
        DeliveryPressure later = new DeliveryPressure(time, time.clock(), () -> {
            long now = time.getAsLong();
            double busy = Math.max(0, idleFrom - asked[0]) / (double) Math.max(1, now - asked[0]);
            asked[0] = now;
            return busy;
        });
        time.advance(10_000);

        // When
        for (int i = 0; i < 15; i++) {
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
    void doesNotLookAtTheProcessorsWhileNothingWaits() {
        // When
        for (int i = 0; i < 100; i++) {
            handOut(10, 10, 5, 1);
            assertThat(pressure.isHigh()).isFalse();
        }

        // Then
        assertThat(looks).isZero();
    }

    @Test
    void looksAtTheProcessorsAtMostEveryTwoHundredMilliseconds() {
        // When
        for (int i = 0; i < 100; i++) {
            handOut(10, 10, i % 3 == 0 ? 5 : 1_000, 1);
            boolean unused = pressure.isHigh();
        }

        // Then: within 2 s
        assertThat(looks).isBetween(5, 11);
    }

    /** One claim, the results of which are stored 20 ms later. */
    private void handOut(int count, int max, long ageMillis, int attempt) {
        List<ClaimedDelivery> found = traffic.found(count, ageMillis, attempt);
        pressure.claimed(DispatchTraffic.request(max), found);
        time.advance(STEP_MILLIS);
        pressure.settled(DispatchTraffic.results(found));
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
