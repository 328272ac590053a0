package io.posthorn.storage.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Throttle;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LevelTest {
    private static final long SEED = 42;
    private static final Throttle LIMIT = Throttle.of(20, Duration.ofSeconds(1));

    @Test
    void nothingUsedLeavesTheBurst() {
        assertThat(Level.EMPTY.drained(1_000, LIMIT).free(LIMIT)).isEqualTo(20);
        assertThat(Level.EMPTY.drained(1_000, LIMIT).millisUntil(20, LIMIT)).isZero();
    }

    @Test
    void lowerBurstCountsAsUsedUpAtMost() {
        // Given
        Throttle lower = new Throttle(1, Duration.ofSeconds(1), 2);

        // When
        Level level = Level.EMPTY.drained(0, LIMIT).take(20).drained(0, lower);

        // Then
        assertThat(level.used()).isEqualTo(2);
        assertThat(level.millisUntil(2, lower)).isEqualTo(2_000);
    }

    @Test
    void nothingDrainsWhileTheClockShowsLess() {
        // Given
        Level level = Level.EMPTY.drained(1_000, LIMIT).take(20);

        // Then
        assertThat(level.drained(500, LIMIT).free(LIMIT)).isZero();
        assertThat(level.drained(500, LIMIT).drained(1_100, LIMIT).free(LIMIT)).isEqualTo(2);
    }

    @Test
    void batchIsATenthOfASecondWorthButOneAtLeastAndTheBurstAtMost() {
        assertThat(Level.batch(Throttle.of(500, Duration.ofSeconds(1)))).isEqualTo(50);
        assertThat(Level.batch(Throttle.of(1, Duration.ofHours(1)))).isEqualTo(1);
        assertThat(Level.batch(new Throttle(500, Duration.ofSeconds(1), 7))).isEqualTo(7);
    }

    @Test
    void whatIsPromisedIsThereInTimeAndNotAMillisecondBefore() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            // Given
            Throttle limit = new Throttle(
                    1 + random.nextInt(1_000), Duration.ofMillis(1 + random.nextInt(100_000)), 1 + random.nextInt(100));
            long now = 1_800_000_000_000L + random.nextInt(1_000_000);
            Level level = Level.EMPTY.drained(now, limit).take(random.nextInt(limit.burst() + 1));
            int permits = 1 + random.nextInt(limit.burst());

            // When
            long millis = level.millisUntil(permits, limit);

            // Then
            assertThat(level.drained(now + millis, limit).free(limit))
                    .as("seed %d, %s, %s", SEED, limit, level)
                    .isGreaterThanOrEqualTo(permits);
            if (millis > 0) {
                assertThat(level.drained(now + millis - 1, limit).free(limit))
                        .as("seed %d, %s, %s", SEED, limit, level)
                        .isLessThan(permits);
            }
        }
    }
}
