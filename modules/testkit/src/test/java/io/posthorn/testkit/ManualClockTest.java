package io.posthorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ManualClockTest {
    @Test
    void movesOnlyWhenTold() {
        ManualClock clock = new ManualClock(Instant.EPOCH);

        clock.advance(Duration.ofHours(2));
        clock.advance(Duration.ofHours(-1));
        Instant moved = clock.instant();
        clock.set(Instant.parse("2031-05-06T07:08:09Z"));

        assertThat(moved).isEqualTo(Instant.EPOCH.plusSeconds(3600));
        assertThat(clock.millis())
                .isEqualTo(Instant.parse("2031-05-06T07:08:09Z").toEpochMilli());
    }
}
