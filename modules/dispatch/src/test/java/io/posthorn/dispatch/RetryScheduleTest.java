package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.RetryConfig;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
    private static final long SEED = 42;
    private static final Endpoint ENDPOINT = Samples.endpoint("https://example.com/");

    @Test
    void keepsEveryPauseWithinItsJitterAndEndsAfterTheLast() {
        // Given
        RetrySchedule schedule = new RetrySchedule(RetryConfig.defaults().policy(), new SplittableRandom(SEED));

        // Then
        for (int attempt = 1; attempt <= 9; attempt++) {
            double middle = RetryPolicy.STANDARD.delays().get(attempt - 1).toMillis();
            for (int i = 0; i < 200; i++) {
                assertThat((double) schedule.pauseAfter(ENDPOINT, attempt).toMillis())
                        .as("seed %d, attempt %d", SEED, attempt)
                        .isBetween(middle * 0.8 - 1, middle * 1.2 + 1);
            }
        }
        assertThat(schedule.pauseAfter(ENDPOINT, 10)).isNull();
    }

    @Test
    void pausesAtLeastAMillisecondAndNeverOverflows() {
        // Given
        RetrySchedule schedule = new RetrySchedule(RetryConfig.defaults().policy(), new SplittableRandom(SEED));
        Endpoint extremes = Samples.endpoint(
                "https://example.com/",
                null,
                new RetryPolicy(List.of(Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE)), 0.5),
                null);

        // Then
        assertThat(schedule.pauseAfter(extremes, 1)).isEqualTo(Duration.ofMillis(1));
        assertThat(schedule.pauseAfter(extremes, 2)).isPositive();
        assertThat(Samples.NOW.plus(schedule.pauseAfter(extremes, 2))).isAfter(Samples.NOW);
    }
}
