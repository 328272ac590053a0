package io.posthorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many deliveries of an endpoint may be in flight: what its answers teach, under a cap. The engine begins at its cap. */
public abstract class InFlightContract extends EngineSuite {
    private static final int BUSY = 503;
    private static final int BROKEN = 500;
    private static final int NO_ANSWER = 0;

    @Test
    void eachLossHalvesIt() {
        // Given
        Endpoint endpoint = flooded(store.application());
        int before = limit(endpoint);
        List<ClaimedDelivery> claimed = store.claimAll();

        // When
        failed(claimed.get(0), BUSY);
        int once = limit(endpoint);
        failed(claimed.get(1), NO_ANSWER);
        int twice = limit(endpoint);

        // Then
        assertThat(claimed).hasSize(before);
        assertThat(once).isEqualTo(before / 2);
        assertThat(twice).isEqualTo(before / 4);
    }

    @Test
    void oneIsAlwaysLetThrough() {
        // Given
        Endpoint endpoint = flooded(store.application());
        List<ClaimedDelivery> claimed = store.claimAll();

        // When
        claimed.forEach(one -> failed(one, NO_ANSWER));

        // Then
        assertThat(limit(endpoint)).isEqualTo(1);
        assertThat(store.claimAll()).hasSize(1);
    }

    @Test
    void eachSuccessLetsInOneMoreUpToTheCap() {
        // Given
        Endpoint endpoint = flooded(store.application());
        store.limit(endpoint, 4);
        store.claimAll().forEach(one -> failed(one, NO_ANSWER));

        // When
        store.succeed(store.claimOne());
        List<ClaimedDelivery> two = store.claimAll();
        two.forEach(store::succeed);
        List<ClaimedDelivery> three = store.claimAll();
        three.forEach(store::succeed);
        List<ClaimedDelivery> four = store.claimAll();
        four.forEach(store::succeed);

        // Then
        assertThat(two).hasSize(2);
        assertThat(three).hasSize(3);
        assertThat(four).hasSize(4);
        assertThat(store.claimAll()).hasSize(4);
    }

    @Test
    void successThatUsesLittleOfItTeachesNothing() {
        // Given
        Endpoint endpoint = flooded(store.application());
        List<ClaimedDelivery> claimed = store.claimAll();
        failed(claimed.get(0), BUSY);
        int before = limit(endpoint);
        claimed.subList(1, claimed.size()).forEach(one -> failed(one, BROKEN));

        // When
        store.succeed(store.claimOne());

        // Then
        assertThat(limit(endpoint)).isEqualTo(before);
    }

    @Test
    void failureThatIsNoLossTeachesNothing() {
        // Given
        Endpoint endpoint = flooded(store.application());
        int before = limit(endpoint);
        List<ClaimedDelivery> claimed = store.claimAll();

        // When
        claimed.forEach(one -> failed(one, BROKEN));

        // Then
        assertThat(limit(endpoint)).isEqualTo(before);
    }

    @Test
    void resultUnderAnOldFenceTeachesNothing() {
        // Given
        Endpoint endpoint = flooded(store.application());
        int before = limit(endpoint);
        ClaimedDelivery late = store.claimOne();
        store.pass(LEASE_AND_MORE);
        store.sweep();
        List<ClaimedDelivery> again = store.claimAll();

        // When
        SettleOutcome outcome = failed(late, BUSY);

        // Then
        assertThat(again).extracting(ClaimedDelivery::key).contains(late.key());
        assertThat(outcome).isEqualTo(SettleOutcome.FENCED);
        assertThat(limit(endpoint)).isEqualTo(before);
    }

    @Test
    void whatOneEndpointTeachesHoldsForThatOneOnly() {
        // Given
        Application app = store.application();
        Endpoint endpoint = flooded(app);
        Endpoint other = store.endpoint(app);
        int before = limit(other);

        // When
        store.claimAll().forEach(one -> failed(one, NO_ANSWER));

        // Then
        assertThat(limit(endpoint)).isEqualTo(1);
        assertThat(limit(other)).isEqualTo(before);
    }

    @Test
    void endpointWithNothingOpenBeginsAnew() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        int before = limit(endpoint);
        store.accept(app);
        ClaimedDelivery only = store.claimOne();
        failed(only, BUSY);
        int lower = limit(endpoint);
        store.pass(MINUTE);

        // When
        store.succeed(store.claimOne());

        // Then
        assertThat(lower).isEqualTo(before / 2);
        assertThat(limit(endpoint)).isEqualTo(before);
    }

    @Test
    void endpointThatAsksForLessHasNoMore() {
        // Given
        Application app = store.application();
        Endpoint endpoint = asking(store.endpoint(app), 3);
        store.accept(app, 10);

        // When
        List<ClaimedDelivery> claimed = store.claimAll();
        int before = limit(endpoint);
        failed(claimed.get(0), BUSY);
        int after = limit(endpoint);
        store.succeed(claimed.get(1));
        store.succeed(claimed.get(2));
        store.claimAll().forEach(store::succeed);
        store.claimAll().forEach(store::succeed);

        // Then
        assertThat(claimed).hasSize(3);
        assertThat(before).isEqualTo(3);
        assertThat(after).isEqualTo(1);
        assertThat(limit(endpoint)).isEqualTo(3);
    }

    @Test
    void endpointThatAsksForMoreHasTheCap() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        int usual = limit(endpoint);

        // When
        Endpoint asking = asking(endpoint, usual + 1);

        // Then
        assertThat(limit(asking)).isEqualTo(usual);
    }

    @Test
    void whatAnEndpointAsksForActsAtOnceBothWays() {
        // Given
        Application app = store.application();
        Endpoint endpoint = asking(store.endpoint(app), 2);
        store.accept(app, 10);
        assertThat(store.claimAll()).hasSize(2);

        // When
        Endpoint more = asking(endpoint, 5);
        List<ClaimedDelivery> three = store.claimAll();
        Endpoint less = asking(more, 1);

        // Then
        assertThat(three).hasSize(3);
        assertThat(limit(less)).isEqualTo(1);
        assertThat(store.claimAll()).isEmpty();
        store.succeed(three.get(0));
        assertThat(store.claimAll()).isEmpty();
    }

    @Test
    void otherSettingsKeepTheLimitOfItsQueue() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 10);
        store.limit(endpoint, 4);

        // When
        store.save(endpoint.withFailingSince(clock.instant()));

        // Then
        assertThat(limit(endpoint)).isEqualTo(4);
        assertThat(store.claimAll()).hasSize(4);
    }

    private Endpoint asking(Endpoint endpoint, int most) {
        return store.save(endpoint.withSending(endpoint.sending().withMaxInFlight(most), clock.instant()));
    }

    private Endpoint flooded(Application app) {
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 2 * limit(endpoint));
        return endpoint;
    }

    private int limit(Endpoint endpoint) {
        return store.queue(endpoint).inFlightLimit();
    }

    @CanIgnoreReturnValue
    private SettleOutcome failed(ClaimedDelivery claimed, int status) {
        Settlement.Verdict verdict =
                new Settlement.Verdict.Retry(clock.instant().plus(MINUTE));
        return store.settle(new Settlement(claimed.key(), claimed.fence(), verdict, given.attempt(claimed, status)));
    }
}
