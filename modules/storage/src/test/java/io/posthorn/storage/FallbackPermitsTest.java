package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.RateLimit;
import io.posthorn.contract.Throttle;
import io.posthorn.testkit.Futures;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Permits come from the store that hands the deliveries out. */
class FallbackPermitsTest {
    private static final Throttle FIVE_AN_HOUR = Throttle.of(5, Duration.ofHours(1));

    private final FallbackRun run = new FallbackRun();

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void nodeThatFellBackCountsByItselfAndSaysSo() {
        // Given
        run.start();
        Application application = limited();
        Endpoint endpoint = run.endpoint(application);
        int onPrimary = take(endpoint);
        RateLimit.Use shared = used(endpoint);

        // When
        run.primary.goAway();
        run.awaitSpare();
        int onSpare = take(endpoint);
        RateLimit.Use own = used(endpoint);
        run.primary.comeBack();
        run.awaitPrimary();

        // Then
        assertThat(onPrimary).isEqualTo(3);
        assertThat(shared.used()).isEqualTo(3);
        assertThat(shared.exact()).isTrue();
        assertThat(onSpare).isEqualTo(3);
        assertThat(own.used()).isEqualTo(3);
        assertThat(own.exact()).isFalse();
        assertThat(take(endpoint)).isEqualTo(2);
    }

    @Test
    void deliveryOfTheSpareTellsTheRateOfItsApplicationToo() {
        // Given
        run.primary.goAway();
        run.start();
        run.awaitSpare();
        Application application = limited();
        Endpoint unused = run.endpoint(application);
        run.accept(application.id(), 1);

        // When
        List<ClaimedDelivery> claimed = run.claim(1);

        // Then
        assertThat(claimed).extracting(ClaimedDelivery::applicationRate).containsExactly(7);
    }

    private Application limited() {
        Application bare = run.fixtures.application();
        return run.save(new Application(
                bare.id(),
                bare.organization(),
                null,
                bare.name(),
                7,
                bare.metadata(),
                bare.createdAt(),
                bare.updatedAt(),
                0));
    }

    private int take(Endpoint of) {
        PermitRequest request = new PermitRequest(of.application(), of.id(), of.version(), FIVE_AN_HOUR, null, 3);
        return Futures.resultOf(run.engine().takePermits(List.of(request))).stream()
                .mapToInt(PermitGrant::granted)
                .sum();
    }

    private RateLimit.Use used(Endpoint of) {
        return Futures.resultOf(run.engine().permitsUsed(new RateLimit.UseOf(of.application(), of.id(), FIVE_AN_HOUR)));
    }
}
