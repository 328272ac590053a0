package io.posthorn.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.RateLimitConfig;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.RateLimit;
import io.posthorn.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PermitsTest {
    private static final long SEED = 42;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualClock clock = new ManualClock();
    private final EndpointId endpoint = EndpointId.at(clock.millis());
    private final Permits permits = new Permits(new RateLimitConfig(null, Duration.ofSeconds(60)), clock);

    @Test
    void endpointWithoutALimitGetsAllItWants() {
        // When
        PermitGrant grant = permits.ask(new PermitRequest(endpoint, null, 10_000));

        // Then
        assertThat(grant).isEqualTo(new PermitGrant(10_000, null, 0));
        assertThat(permits.status(new RateLimit.StatusOf(endpoint, null)).maxRequests())
                .isZero();
    }

    @Test
    void grantsTheBurstAndSaysWhenTheNextBatchIsFree() {
        // When
        PermitGrant first = ask(20, 30);
        PermitGrant second = ask(20, 1);

        // Then
        assertThat(first.granted()).isEqualTo(20);
        assertThat(first.nextBatch()).isEqualTo(2);
        assertThat(first.nextAt()).isEqualTo(clock.instant().plusMillis(100));
        assertThat(second.granted()).isZero();
        clock.advance(Duration.ofMillis(100));
        assertThat(ask(20, 5).granted()).isEqualTo(2);
    }

    @Test
    void defaultLimitCountsPerWindow() {
        // Given
        Permits limited = new Permits(new RateLimitConfig(6, Duration.ofSeconds(60)), clock);

        // When
        int granted = limited.ask(new PermitRequest(endpoint, null, 10)).granted();
        RateLimit.Status status = limited.status(new RateLimit.StatusOf(endpoint, null));
        clock.advance(Duration.ofSeconds(10));
        int later = limited.ask(new PermitRequest(endpoint, null, 10)).granted();

        // Then
        assertThat(granted).isEqualTo(6);
        assertThat(status.currentRequests()).isEqualTo(6);
        assertThat(status.maxRequests()).isEqualTo(6);
        assertThat(status.resetsAt()).isEqualTo(clock.instant().plusSeconds(50));
        assertThat(later).isEqualTo(1);
    }

    @Test
    void endpointThatPausedIsForgottenAndFreshAgain() {
        // Given
        ask(20, 20);

        // When
        clock.advance(SECOND);

        // Then
        assertThat(permits.remembered()).isZero();
        assertThat(ask(20, 20).granted()).isEqualTo(20);
    }

    @Test
    void oneEndpointLeavesTheOthersTheirPermits() {
        // Given
        ask(20, 20);

        // When
        PermitGrant other = permits.ask(new PermitRequest(EndpointId.at(clock.millis()), 20, 20));

        // Then
        assertThat(other.granted()).isEqualTo(20);
    }

    @Test
    void clockThatGoesBackBlocksForNoLongerThanAWindow() {
        // Given
        ask(20, 20);
        clock.advance(Duration.ofHours(-1));
        int atOnce = ask(20, 1).granted();

        // When
        clock.advance(SECOND);

        // Then
        assertThat(atOnce).isZero();
        assertThat(ask(20, 20).granted()).isGreaterThanOrEqualTo(19);
    }

    @Test
    void noWindowSeesTwiceTheLimitAndTheLongRunMeetsIt() {
        // Given
        Random random = new Random(SEED);
        ArrayDeque<Instant> granted = new ArrayDeque<>();
        int limit = 50;
        int most = 0;
        long total = 0;

        // When
        Instant start = clock.instant();
        while (Duration.between(start, clock.instant()).toSeconds() < 60) {
            int now = ask(limit, 1 + random.nextInt(10)).granted();
            for (int i = 0; i < now; i++) {
                granted.add(clock.instant());
            }
            total += now;
            Instant windowStart = clock.instant().minus(SECOND);
            while (!granted.isEmpty() && !granted.peek().isAfter(windowStart)) {
                granted.remove();
            }
            most = Math.max(most, granted.size());
            clock.advance(Duration.ofMillis(1 + random.nextInt(20)));
        }

        // Then
        assertThat(most).as("seed %d", SEED).isLessThan(2 * limit);
        assertThat(total).as("seed %d", SEED).isBetween(60L * limit - limit, 61L * limit);
    }

    private PermitGrant ask(int perSecond, int wanted) {
        return permits.ask(new PermitRequest(endpoint, perSecond, wanted));
    }
}
