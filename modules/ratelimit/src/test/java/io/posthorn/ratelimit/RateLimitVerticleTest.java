package io.posthorn.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.config.RateLimitConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.RateLimit;
import io.posthorn.contract.RoleHealth;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RateLimitVerticleTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final ManualClock clock = new ManualClock();
    private final EndpointId endpoint = EndpointId.at(clock.millis());

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void answersBatchesStatusAndHealthUntilItStops() {
        // Given
        String id =
                Futures.resultOf(vertx.deployVerticle(new RateLimitVerticle(RateLimitConfig.defaults(), bus, clock)));
        EndpointId unlimited = EndpointId.at(clock.millis());

        // When
        List<PermitGrant> grants = Futures.resultOf(bus.request(
                        Addresses.PERMITS,
                        new Batches.PermitRequests(
                                List.of(new PermitRequest(endpoint, 3, 5), new PermitRequest(unlimited, null, 5))),
                        soon()))
                .items();
        RateLimit.Status status =
                Futures.resultOf(bus.request(Addresses.RATE_LIMIT_STATUS, new RateLimit.StatusOf(endpoint, 3), soon()));
        RoleHealth health =
                Futures.resultOf(bus.request(Addresses.healthOf("ratelimit"), new RoleHealth.Ask(), soon()));
        Futures.resultOf(vertx.undeploy(id));

        // Then
        assertThat(grants).extracting(PermitGrant::granted).containsExactly(3, 5);
        assertThat(status.currentRequests()).isEqualTo(3);
        assertThat(health.status()).isEqualTo(RoleHealth.Status.HEALTHY);
        assertThat(Futures.codeOf(bus.request(Addresses.PERMITS, new Batches.PermitRequests(List.of()), soon())))
                .isEqualTo(ErrorCode.ROLE_UNAVAILABLE);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10));
    }
}
