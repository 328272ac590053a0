package io.posthorn.storage.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InFlightLimitTest {
    private static final int CAP = 128;
    private static final long SEED = 7;

    @Test
    void whatWasNotTriedTeachesNothing() {
        assertThat(InFlightLimit.learned(8, CAP, 7, null)).isEqualTo(8);
    }

    @Test
    void aFullRoundOfSuccessesLetsInHalfAsManyMore() {
        // Given
        int allowed = 8;

        // When
        for (int inFlight = 7; inFlight >= 0; inFlight--) {
            allowed = InFlightLimit.learned(allowed, CAP, inFlight, answered(204));
        }

        // Then
        assertThat(allowed).isEqualTo(12 - 1);
    }

    @Test
    void neverGoesBeyondTheCapNorBelowOne() {
        assertThat(InFlightLimit.learned(CAP, CAP, CAP - 1, answered(204))).isEqualTo(CAP);
        assertThat(InFlightLimit.learned(1, CAP, 0, answered(0))).isEqualTo(1);
    }

    @Test
    void lossUnderALowerCapHalvesTheCap() {
        assertThat(InFlightLimit.learned(CAP, 10, 9, answered(503))).isEqualTo(5);
    }

    @Test
    void settlesWhereLossesAndSuccessesBalance() {
        // Given
        SplittableRandom random = new SplittableRandom(SEED);
        double lost = 0.1;
        int allowed = 8;
        long sum = 0;
        int rounds = 100_000;

        // When
        for (int i = 0; i < rounds; i++) {
            allowed =
                    InFlightLimit.learned(allowed, CAP, allowed - 1, answered(random.nextDouble() < lost ? 503 : 204));
            sum += allowed;
        }

        // Then
        assertThat((double) sum / rounds).isBetween(1 / lost, 3 / lost);
    }

    @Test
    void refusesToBeginAboveTheCapOrBelowOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new InFlightLimit(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new InFlightLimit(9, 8));
    }

    private static Attempt answered(int status) {
        long at = SEED;
        DeliveryKey key = new DeliveryKey(ApplicationId.at(at), EndpointId.at(at), MessageId.at(at));
        return new Attempt(
                AttemptId.at(at),
                key,
                1,
                Trigger.SCHEDULED,
                "https://example.com/",
                Instant.EPOCH,
                Duration.ofMillis(5),
                status,
                "",
                status == 204);
    }
}
