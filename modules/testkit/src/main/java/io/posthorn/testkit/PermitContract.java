package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.RateLimit;
import io.posthorn.contract.Throttle;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How permits are counted, and what becomes of a queue that lacks them. */
public abstract class PermitContract extends EngineSuite {
    private static final long SEED = 42;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Throttle TWENTY_A_SECOND = Throttle.of(20, SECOND);
    private static final Throttle ONE_AN_HOUR = Throttle.of(1, Duration.ofHours(1));

    private Application app;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
    }

    @Test
    void withoutALimitThereIsWhatIsWanted() {
        assertThat(take(request(endpoint, null, null, 10_000))).isEqualTo(new PermitGrant(10_000, null, 0));
    }

    @Test
    void grantsTheBurstAndSaysWhenTheNextBatchIsFree() {
        // When
        PermitGrant first = take(TWENTY_A_SECOND, 30);
        PermitGrant second = take(TWENTY_A_SECOND, 1);
        clock.advance(Duration.ofMillis(100));
        PermitGrant third = take(TWENTY_A_SECOND, 5);

        // Then
        assertThat(first).isEqualTo(new PermitGrant(20, clock.instant(), 2)); // the clock has moved on by a batch
        assertThat(second.granted()).isZero();
        assertThat(third.granted()).isEqualTo(2);
    }

    @Test
    void windowMayBeLongAndBurstSmallerThanItsPermits() {
        // Given
        Throttle limit = new Throttle(60, MINUTE, 5);

        // When
        int burst = take(limit, 100).granted();
        clock.advance(Duration.ofMillis(2_999));
        int meanwhile = take(limit, 100).granted();
        clock.advance(Duration.ofMillis(1));
        int later = take(limit, 100).granted();
        clock.advance(MINUTE);
        int afterAPause = take(limit, 100).granted();

        // Then
        assertThat(burst).isEqualTo(5);
        assertThat(meanwhile).isEqualTo(2);
        assertThat(later).isEqualTo(1);
        assertThat(afterAPause).isEqualTo(5);
    }

    @Test
    void burstMayBeLargerThanAWindow() {
        // Given
        Throttle limit = new Throttle(1, SECOND, 10);

        // When
        int burst = take(limit, 100).granted();
        clock.advance(SECOND);

        // Then
        assertThat(burst).isEqualTo(10);
        assertThat(take(limit, 100).granted()).isEqualTo(1);
    }

    @Test
    void oneEndpointLeavesTheOthersTheirPermits() {
        // Given
        Endpoint other = store.endpoint(app);
        take(TWENTY_A_SECOND, 20);

        // When
        List<PermitGrant> both = resultOf(store.engine()
                .takePermits(List.of(
                        request(endpoint, TWENTY_A_SECOND, null, 20), request(other, TWENTY_A_SECOND, null, 15))));

        // Then
        assertThat(both).extracting(PermitGrant::granted).containsExactly(0, 15);
    }

    @Test
    void spanSeesNoMoreThanBurstAndRefillAndTheLongRunMeetsTheLimit() {
        // Given
        Random random = new Random(SEED);
        ArrayDeque<Instant> granted = new ArrayDeque<>();
        Throttle limit = Throttle.of(50, SECOND);
        int most = 0;
        long total = 0;
        Instant start = clock.instant();

        // When
        while (Duration.between(start, clock.instant()).toSeconds() < 20) {
            int now = take(limit, 1 + random.nextInt(10)).granted();
            IntStream.range(0, now).forEach(one -> granted.add(clock.instant()));
            total += now;
            Instant windowStart = clock.instant().minus(SECOND);
            while (!granted.isEmpty() && !granted.peek().isAfter(windowStart)) {
                granted.remove();
            }
            most = Math.max(most, granted.size());
            clock.advance(Duration.ofMillis(1 + random.nextInt(20)));
        }

        // Then
        assertThat(most).as("seed %d", SEED).isBetween(50, 100);
        assertThat(total).as("seed %d", SEED).isBetween(20L * 50, 21L * 50);
    }

    @Test
    void clockThatIsSetBackGivesABurstAtMostAndBlocksNobody() {
        // Given
        take(TWENTY_A_SECOND, 20);
        clock.advance(Duration.ofHours(-1));
        int atOnce = take(TWENTY_A_SECOND, 100).granted();

        // When
        clock.advance(SECOND.multipliedBy(3));

        // Then
        assertThat(atOnce).isLessThanOrEqualTo(20);
        assertThat(take(TWENTY_A_SECOND, 20).granted()).isEqualTo(20);
    }

    @Test
    void whatWasUsedStaysUsedUnderAnotherLimit() {
        // Given
        take(ONE_AN_HOUR, 1);

        // When
        int faster = take(TWENTY_A_SECOND, 20).granted();
        int slower = take(ONE_AN_HOUR, 1).granted();
        clock.advance(Duration.ofHours(1));

        // Then
        assertThat(faster).isEqualTo(19);
        assertThat(slower).isZero();
        assertThat(take(ONE_AN_HOUR, 1).granted()).isEqualTo(1);
    }

    @Test
    void limitOfTheApplicationHoldsForItsEndpointsTogether() {
        // Given
        Endpoint other = store.endpoint(app);
        Endpoint foreign = store.endpoint(store.application());

        // When
        int first = take(request(endpoint, null, TWENTY_A_SECOND, 15)).granted();
        int second = take(request(other, TWENTY_A_SECOND, TWENTY_A_SECOND, 15)).granted();
        int third = take(request(other, TWENTY_A_SECOND, null, 20)).granted();
        int elsewhere = take(request(foreign, null, TWENTY_A_SECOND, 15)).granted();

        // Then
        assertThat(first).isEqualTo(15);
        assertThat(second).isEqualTo(5);
        assertThat(third).isEqualTo(15);
        assertThat(elsewhere).isEqualTo(15);
    }

    @Test
    void endpointsThatWaitForTheirApplicationTakeTurnsWithinASecond() {
        // Given
        Throttle limit = Throttle.of(10, SECOND);
        take(request(endpoint, null, limit, 10));
        List<Endpoint> others =
                IntStream.range(0, 12).mapToObj(i -> store.endpoint(app)).toList();

        // When
        List<Long> turns = others.stream()
                .map(other -> take(request(other, null, limit, 1)).nextAt())
                .map(at -> Duration.between(clock.instant(), at).toMillis())
                .toList();

        // Then
        assertThat(turns)
                .startsWith(200L, 300L, 400L)
                .endsWith(Level.APPLICATION_PAUSE_MILLIS)
                .allMatch(turn -> turn <= Level.APPLICATION_PAUSE_MILLIS);
    }

    @Test
    void queueThatLacksPermitsIsParkedUntilTheNextBatch() {
        // Given
        store.accept(app, 5);

        // When
        PermitGrant grant = take(TWENTY_A_SECOND, 20);
        QueueState parked = store.queue(endpoint);
        List<ClaimedDelivery> meanwhile = store.claim(10);
        store.pass(Duration.ofMillis(100));
        List<ClaimedDelivery> afterwards = store.claim(10);

        // Then
        assertThat(grant.nextAt()).isEqualTo(parked.until());
        assertThat(parked.cause()).isEqualTo(WaitCause.RATE_LIMITED);
        assertThat(meanwhile).isEmpty();
        assertThat(afterwards).hasSize(2);
    }

    @Test
    void savedEndpointWaitsNoLongerForWhatItsOldLimitSaid() {
        // Given
        store.accept(app);
        take(ONE_AN_HOUR, 1);
        QueueState parked = store.queue(endpoint);

        // When
        store.save(endpoint.withDisabled(false, clock.instant()));

        // Then
        assertThat(parked.until()).isEqualTo(in(Duration.ofHours(1)));
        assertThat(store.claim(1)).hasSize(1);
    }

    @Test
    void savedEndpointStaysParkedForEveryOtherReason() {
        // Given
        store.accept(app);
        store.control(new QueueControl.Park(app.id(), endpoint.id(), in(MINUTE), WaitCause.RECEIVER_BUSY, 1));

        // When
        store.save(endpoint.withDisabled(false, clock.instant()));

        // Then
        assertThat(store.claim(1)).isEmpty();
    }

    @Test
    void limitOfAnOlderVersionParksNothing() {
        // Given
        store.accept(app);
        store.save(endpoint.withDisabled(false, clock.instant()));

        // When
        take(ONE_AN_HOUR, 1);

        // Then
        assertThat(store.claim(1)).hasSize(1);
    }

    @Test
    void saysHowMuchIsUsed() {
        // Given
        take(request(endpoint, TWENTY_A_SECOND, ONE_AN_HOUR, 1));
        take(TWENTY_A_SECOND, 4);

        // When
        RateLimit.Use own = used(new RateLimit.UseOf(app.id(), endpoint.id(), TWENTY_A_SECOND));
        RateLimit.Use shared = used(new RateLimit.UseOf(app.id(), null, ONE_AN_HOUR));
        clock.advance(Duration.ofMillis(250));
        RateLimit.Use later = used(new RateLimit.UseOf(app.id(), endpoint.id(), TWENTY_A_SECOND));

        // Then
        assertThat(own).isEqualTo(new RateLimit.Use(5, later.freeAt(), true));
        assertThat(shared.used()).isEqualTo(1);
        assertThat(later).isEqualTo(new RateLimit.Use(0, clock.instant(), true));
    }

    @Test
    void claimTellsTheRateOfTheApplication() {
        // Given
        store.accept(app, 2);
        ClaimedDelivery unlimited = store.claimOne();

        // When
        Application limited = store.save(new Application(
                app.id(),
                app.organization(),
                app.uid(),
                app.name(),
                7,
                app.metadata(),
                app.createdAt(),
                clock.instant(),
                app.version()));
        ClaimedDelivery claimed = store.claimOne();

        // Then
        assertThat(limited.throttleRate()).isEqualTo(7);
        assertThat(unlimited.applicationRate()).isNull();
        assertThat(claimed.applicationRate()).isEqualTo(7);
    }

    private PermitRequest request(Endpoint of, @Nullable Throttle own, @Nullable Throttle shared, int wanted) {
        return new PermitRequest(of.application(), of.id(), of.version(), own, shared, wanted);
    }

    @CanIgnoreReturnValue
    private PermitGrant take(Throttle limit, int wanted) {
        return take(request(endpoint, limit, null, wanted));
    }

    @CanIgnoreReturnValue
    private PermitGrant take(PermitRequest request) {
        return resultOf(store.engine().takePermits(List.of(request))).get(0);
    }

    private RateLimit.Use used(RateLimit.UseOf question) {
        return resultOf(store.engine().permitsUsed(question));
    }
}
