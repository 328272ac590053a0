package io.posthorn.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void burstIsAWindowUnlessSaid() {
        assertThat(Throttle.of(7, SECOND)).isEqualTo(new Throttle(7, SECOND, 7));
        assertThat(Throttle.perSecond(7)).isEqualTo(new Throttle(7, SECOND, 7));
        assertThat(Throttle.perSecond(null)).isNull();
    }

    @Test
    void saysHowManyComeBackInAMillisecond() {
        assertThat(Throttle.of(500, SECOND).perMilli()).isEqualTo(0.5);
        assertThat(Throttle.of(1, Duration.ofNanos(1)).perMilli()).isEqualTo(1e6);
    }

    @Test
    void refusesWhatIsOutOfBounds() {
        assertRefused(0, SECOND, 1, "permits must be 1 to 1000000000: 0");
        assertRefused(1_000_000_001, SECOND, 1, "permits must be 1 to 1000000000: 1000000001");
        assertRefused(1, Duration.ZERO, 1, "window must be > 0 and at most PT744H: PT0S");
        assertRefused(1, Duration.ofDays(32), 1, "window must be > 0 and at most PT744H: PT768H");
        assertRefused(1, SECOND, 0, "burst must be 1 to 1000000000: 0");
        assertRefused(1, SECOND, 1_000_000_001, "burst must be 1 to 1000000000: 1000000001");
    }

    private static void assertRefused(int permits, Duration window, int burst, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Throttle(permits, window, burst))
                .withMessage(text);
    }
}
