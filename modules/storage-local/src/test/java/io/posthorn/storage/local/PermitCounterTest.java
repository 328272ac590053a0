package io.posthorn.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.Throttle;
import io.posthorn.testkit.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermitCounterTest {
    private static final Throttle TEN_A_SECOND = Throttle.of(10, Duration.ofSeconds(1));
    private static final Throttle TEN_AN_HOUR = Throttle.of(10, Duration.ofHours(1));

    private final ManualClock clock = new ManualClock();

    /** Without queues: nothing is asked here that would park one. */
    @SuppressWarnings("NullAway")
    private final PermitCounter counter = new PermitCounter(null, new SteadyTime(clock));

    @Test
    void endpointThatIsAtRestIsForgottenWhoeverElseIsNot() throws IOException {
        // Given
        for (int i = 0; i < 1_500; i++) {
            take(TEN_AN_HOUR);
        }
        for (int i = 0; i < 20; i++) {
            take(TEN_A_SECOND);
        }

        // When
        counter.forgetSome(clock.millis());
        int atOnce = counter.kept();
        clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 4; i++) {
            counter.forgetSome(clock.millis());
        }

        // Then
        assertThat(atOnce).isEqualTo(1_520);
        assertThat(counter.kept()).isEqualTo(1_500);
    }

    private void take(Throttle limit) throws IOException {
        PermitRequest request =
                new PermitRequest(ApplicationId.at(clock.millis()), EndpointId.at(clock.millis()), 1, limit, null, 5);
        assertThat(counter.take(List.of(request), clock.millis())).hasSize(1);
    }
}
