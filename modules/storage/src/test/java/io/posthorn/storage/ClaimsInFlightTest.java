package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ClaimedDelivery;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClaimsInFlightTest {
    private static final long LEASE = TimeUnit.SECONDS.toNanos(60);

    private final ManualTimers time = new ManualTimers();
    private final DispatchTraffic traffic = new DispatchTraffic(time.clock());
    private final ClaimsInFlight inFlight = new ClaimsInFlight(time);

    @Test
    void countsWhatIsClaimedAndNotSettled() {
        // Given
        List<ClaimedDelivery> one = claim(10);
        List<ClaimedDelivery> other = claim(5);

        // When
        settle(one.subList(0, 4));
        settle(other);

        // Then
        assertThat(inFlight.count()).isEqualTo(6);
    }

    @Test
    void forgetsWhatIsNotSettledWithinItsLeaseAndNothingElse() {
        // Given
        claim(100);
        time.advance(40_000);
        List<ClaimedDelivery> later = claim(10);

        // When
        time.advance(21_000);

        // Then
        assertThat(inFlight.count()).isEqualTo(10);
        settle(later);
        assertThat(inFlight.count()).isZero();
    }

    @Test
    void resultsThatAreLateOrRepeatedCountForNothing() {
        // Given
        List<ClaimedDelivery> late = claim(10);
        time.advance(61_000);
        List<ClaimedDelivery> fresh = claim(10);

        // When
        settle(late);
        settle(fresh);
        settle(fresh);
        claim(3);

        // Then
        assertThat(inFlight.count()).isEqualTo(3);
    }

    private List<ClaimedDelivery> claim(int count) {
        List<ClaimedDelivery> found = traffic.found(count);
        inFlight.claimed(found, LEASE);
        return found;
    }

    private void settle(List<ClaimedDelivery> claimed) {
        inFlight.settled(DispatchTraffic.results(claimed));
    }
}
