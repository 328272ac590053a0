package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.bus.Deadline;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.RoleHealth;
import io.posthorn.testkit.Fixtures;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AppendPaceTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int STEP_MILLIS = 20;

    private final ManualTimers time = new ManualTimers();
    private final InstantSource clock = time.clock();
    private final Fixtures fixtures = new Fixtures(clock);
    private final ApplicationId application = fixtures.application().id();
    private final DispatchTraffic traffic = new DispatchTraffic(clock);
    private final List<List<NewMessage>> performed = new ArrayList<>();
    private int deliveriesOfEach = 1;
    private RuntimeException thrown;
    private final AppendPace pace =
            new AppendPace(this::perform, new DeliveryPressure(time, time.clock(), () -> 0.95), time, time);

    @Test
    void performsAtOnceWithoutPressure() {
        // When
        Future<List<AppendOutcome>> append = append(512);

        // Then
        assertThat(append.result()).hasSize(512);
        assertThat(time.running()).isZero();
        assertThat(pace.health())
                .isEqualTo(new RoleHealth.Check("acceptance", RoleHealth.Status.HEALTHY, "not held back"));
    }

    @Test
    void holdsUnderPressureAndSaysSo() {
        // Given
        underPressure();

        // When
        Future<List<AppendOutcome>> append = append(1);

        // Then
        assertThat(append.isComplete()).isFalse();
        assertThat(performed).isEmpty();
        assertThat(pace.health().status()).isEqualTo(RoleHealth.Status.DEGRADED);
        assertThat(pace.health().detail()).isEqualTo("held back: the processors are busy and deliveries wait");
    }

    @Test
    void nineTenthsOfWhatIsSettledGo() {
        // Given
        underPressure();
        append100();

        // When
        settle(20);
        int first = performed.size();
        settle(10);

        // Then
        assertThat(first).isEqualTo(18);
        assertThat(performed).hasSize(27);
    }

    @Test
    void aBatchIsChargedWithTheDeliveriesThatItMade() {
        // Given
        underPressure();
        deliveriesOfEach = 7;
        append100();

        // When
        settle(70);

        // Then: 63 for 9 of 7
        assertThat(performed).hasSize(9);
    }

    @Test
    void repeatsCostNothing() {
        // Given
        underPressure();
        deliveriesOfEach = 0;
        append100();

        // When
        settle(1);

        // Then
        assertThat(performed).hasSize(100);
    }

    @Test
    void appendsThatFailCostNothing() {
        // Given
        underPressure();
        Future<List<AppendOutcome>> first = append(1);
        Future<List<AppendOutcome>> second = append(1);
        thrown = new PosthornException(ErrorCode.STORE_UNAVAILABLE, "the disk is full");

        // When
        settle(1);

        // Then
        assertThat(first.cause()).isSameAs(thrown);
        assertThat(second.cause()).isSameAs(thrown);
    }

    @Test
    void atMostSoManyCreditsAreSaved() {
        // Given
        underPressure();
        Future<List<AppendOutcome>> held = append(1);
        settle(10_000);

        // When
        IntStream.range(0, 2_000).forEach(i -> assertThat(append(1)).isNotNull());

        // Then: 1,024 less the one that was held, which went first
        assertThat(held.succeeded()).isTrue();
        assertThat(performed).hasSize(1_024);
    }

    @Test
    void holdsForASecondAtMost() {
        // Given
        underPressure();
        deliveriesOfEach = 100_000;
        Future<List<AppendOutcome>> debt = append(1);
        Future<List<AppendOutcome>> held = append(1);
        settle(1);

        // When: what is settled meanwhile does not pay for so many
        run(980, 1);
        boolean early = held.isComplete();
        time.advance(40);

        // Then
        assertThat(debt.succeeded()).isTrue();
        assertThat(early).isFalse();
        assertThat(held.succeeded()).isTrue();
    }

    @Test
    void eachIsHeldForASecondOfItsOwn() {
        // Given
        underPressure();
        deliveriesOfEach = 100_000;
        Future<List<AppendOutcome>> debt = append(1);
        settle(1);
        Future<List<AppendOutcome>> one = append(1);
        run(400, 1);
        Future<List<AppendOutcome>> other = append(1);

        // When
        run(620, 1);
        boolean early = other.isComplete();
        run(400, 1);

        // Then
        assertThat(debt.succeeded()).isTrue();
        assertThat(one.succeeded()).isTrue();
        assertThat(early).isFalse();
        assertThat(other.succeeded()).isTrue();
    }

    @Test
    void aDebtIsForgivenAfterASecondOfSettlements() {
        // Given: half a million deliveries of one event
        underPressure();
        Future<List<AppendOutcome>> many = append(1);
        deliveriesOfEach = 500_000;
        settle(2);
        deliveriesOfEach = 1;
        boolean soon = append(1).isComplete();

        // When
        run(1_100);
        Future<List<AppendOutcome>> next = append(1);

        // Then
        assertThat(many.succeeded()).isTrue();
        assertThat(soon).isFalse();
        assertThat(next.succeeded()).isTrue();
    }

    @Test
    void isNotHeldForMoreThanHalfOfTheTimeThatItsCallerWaits() {
        // Given
        underPressure();
        Future<List<AppendOutcome>> before = append(1);
        Future<List<AppendOutcome>> hasty = pace.append(messages(1), Deadline.after(Duration.ofMillis(400)));
        Future<List<AppendOutcome>> after = append(1);

        // When
        time.advance(200);

        // Then: and it does not overtake
        assertThat(hasty.succeeded()).isTrue();
        assertThat(before.succeeded()).isTrue();
        assertThat(after.isComplete()).isFalse();
        assertThat(time.running()).isEqualTo(1);
    }

    @Test
    void keepsTheOrder() {
        // Given
        underPressure();
        List<NewMessage> all = messages(12);
        for (NewMessage message : all) {
            assertThat(pace.append(List.of(message), inTime())).isNotNull();
        }

        // When: by credit, by time, by the end of the pressure
        settle(4);
        int byCredit = performed.size();
        Future<List<AppendOutcome>> last = pace.append(messages(1), inTime());
        nothingWaits();

        // Then
        assertThat(byCredit).isEqualTo(4);
        assertThat(last.succeeded()).isTrue();
        assertThat(performed.subList(0, 12))
                .isEqualTo(all.stream().map(List::of).toList());
    }

    @Test
    void whatIsHeldGoesAtOnceWhenNothingWaitsAnyMore() {
        // Given
        underPressure();
        append100();

        // When
        nothingWaits();

        // Then
        assertThat(performed).hasSize(100);
        assertThat(time.running()).isZero();
    }

    @Test
    void staysToldForFiveSeconds() {
        // Given
        underPressure();
        boolean performedAtOnce = append(1).isComplete();
        nothingWaits();

        // When
        time.advance(4_899);
        RoleHealth.Check soon = pace.health();
        time.advance(1);

        // Then
        assertThat(performedAtOnce).isFalse();
        assertThat(soon.status()).isEqualTo(RoleHealth.Status.DEGRADED);
        assertThat(pace.health().status()).isEqualTo(RoleHealth.Status.HEALTHY);
    }

    @Test
    void whatIsHeldGoesWhenTheDispatchersAreLost() {
        // Given
        underPressure();
        append100();

        // When: neither claims nor results any more
        time.advance(1_001);

        // Then
        assertThat(performed).hasSize(100);
        assertThat(append(1).succeeded()).isTrue();
    }

    @Test
    void noTimerIsLeftWhenNothingIsHeld() {
        // Given
        underPressure();
        append100();
        int while100 = time.running();

        // When
        settle(1_000);

        // Then
        assertThat(while100).isEqualTo(1);
        assertThat(performed).hasSize(100);
        assertThat(time.running()).isZero();
    }

    @Test
    void anEngineThatThrowsFailsThatAppendOnly() {
        // Given
        underPressure();
        Future<List<AppendOutcome>> first = append(1);
        Future<List<AppendOutcome>> second = append(1);
        thrown = new IllegalStateException("broken");
        settle(0);

        // When
        nothingWaits();

        // Then
        assertThat(first.cause()).isSameAs(thrown);
        assertThat(second.cause()).isSameAs(thrown);
    }

    @Test
    void stopPerformsWhatIsHeldAndHoldsNoMore() {
        // Given
        underPressure();
        append100();

        // When
        pace.stop();

        // Then
        assertThat(performed).hasSize(100);
        assertThat(time.running()).isZero();
        run(100);
        assertThat(append(1).succeeded()).isTrue();
    }

    private Future<List<AppendOutcome>> perform(List<NewMessage> batch) {
        performed.add(batch);
        if (thrown instanceof PosthornException) {
            return Future.failedFuture(thrown);
        }
        if (thrown != null) {
            throw thrown;
        }
        return Future.succeededFuture(
                batch.stream().map(message -> outcome(message)).toList());
    }

    private AppendOutcome outcome(NewMessage message) {
        Message made = new Message(
                message.id(),
                application,
                message.eventType(),
                null,
                message.channels(),
                clock.instant(),
                clock.instant(),
                null);
        return deliveriesOfEach == 0
                ? new AppendOutcome.Repeated(made)
                : new AppendOutcome.Appended(made, deliveriesOfEach);
    }

    private List<NewMessage> messages(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> fixtures.message(application).build())
                .toList();
    }

    private static Deadline inTime() {
        return Deadline.after(LONG);
    }

    private Future<List<AppendOutcome>> append(int count) {
        return pace.append(messages(count), inTime());
    }

    private void append100() {
        IntStream.range(0, 100).forEach(i -> assertThat(append(1).isComplete()).isFalse());
    }

    /** Until appends are held; the pressure begins with the next one. */
    private void underPressure() {
        run(600);
    }

    private void run(long millis) {
        run(millis, 10);
    }

    /** Dispatchers claim so many each 20 ms, find them, and deliver them in that time. */
    private void run(long millis, int count) {
        for (long passed = 0; passed < millis; passed += STEP_MILLIS) {
            List<ClaimedDelivery> found = traffic.found(count);
            pace.claimed(DispatchTraffic.request(count), found);
            time.advance(STEP_MILLIS);
            pace.settled(DispatchTraffic.results(found));
        }
    }

    /** What is handed out has just come in. */
    private void nothingWaits() {
        time.advance(100);
        pace.claimed(DispatchTraffic.request(500), traffic.found(400, 5, 1));
    }

    private void settle(int count) {
        pace.settled(DispatchTraffic.results(traffic.found(count)));
    }
}
