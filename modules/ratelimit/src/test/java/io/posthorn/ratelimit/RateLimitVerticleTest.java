package io.posthorn.ratelimit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.config.RateLimitConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Batches;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.RateLimit;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.Throttle;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RateLimitVerticleTest {
    private static final Throttle OWN = Throttle.of(3, Duration.ofSeconds(1));
    private static final Throttle SHARED = Throttle.of(9, Duration.ofSeconds(1));
    private static final Throttle USUAL = Throttle.of(100, Duration.ofSeconds(60));

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final ManualClock clock = new ManualClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ApplicationId application = ApplicationId.at(clock.millis());
    private final EndpointId endpoint = EndpointId.at(clock.millis());
    private final List<PermitRequest> asked = new CopyOnWriteArrayList<>();
    private final List<RateLimit.UseOf> looked = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        resultOf(vertx.close());
    }

    @Test
    void hasTheStoreCountUnderTheLimitThatHolds() {
        // Given
        storeThatGrants(2);
        deploy(new RateLimitConfig(100, Duration.ofSeconds(60)));

        // When
        List<PermitGrant> grants = resultOf(bus.request(
                        Addresses.PERMITS,
                        new Batches.PermitRequests(List.of(request(OWN, null), request(null, SHARED))),
                        soon()))
                .items();

        // Then
        assertThat(grants).extracting(PermitGrant::granted).containsExactly(2, 2);
        assertThat(asked).containsExactly(request(OWN, null), request(USUAL, SHARED));
        assertThat(count("granted")).isEqualTo(4);
        assertThat(count("denied")).isEqualTo(6);
    }

    @Test
    void statusSaysTheLimitAndWhatTheStoreCounted() {
        // Given
        storeThatGrants(2);
        deploy(new RateLimitConfig(100, Duration.ofSeconds(60)));

        // When
        RateLimit.Status own = status(new RateLimit.StatusOf(application, endpoint, OWN));
        RateLimit.Status usual = status(new RateLimit.StatusOf(application, endpoint, null));
        RateLimit.Status none = status(new RateLimit.StatusOf(application, null, null));

        // Then
        assertThat(own).isEqualTo(new RateLimit.Status(2, 3, 3, Duration.ofSeconds(1), clock.instant(), false));
        assertThat(usual.maxRequests()).isEqualTo(100);
        assertThat(none).isEqualTo(new RateLimit.Status(0, 0, 0, null, clock.instant(), true));
        assertThat(looked)
                .containsExactly(
                        new RateLimit.UseOf(application, endpoint, OWN),
                        new RateLimit.UseOf(application, endpoint, USUAL));
    }

    @Test
    void storeThatIsAwayIsTold() {
        // Given
        Future<?> served = bus.serve(
                Addresses.TAKE_PERMITS,
                (requests, deadline) ->
                        Future.failedFuture(new PosthornException(ErrorCode.STORE_UNAVAILABLE, "not now")));
        resultOf(served);
        deploy(RateLimitConfig.defaults());

        // When
        Future<?> answer =
                bus.request(Addresses.PERMITS, new Batches.PermitRequests(List.of(request(OWN, null))), soon());

        // Then
        assertThat(Futures.codeOf(answer)).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(count("denied")).isZero();
    }

    @Test
    void answersHealthUntilItStops() {
        // Given
        String id = deploy(RateLimitConfig.defaults());

        // When
        RoleHealth health = resultOf(bus.request(Addresses.healthOf("ratelimit"), new RoleHealth.Ask(), soon()));
        resultOf(vertx.undeploy(id));

        // Then
        assertThat(health.status()).isEqualTo(RoleHealth.Status.HEALTHY);
        assertThat(Futures.codeOf(bus.request(Addresses.PERMITS, new Batches.PermitRequests(List.of()), soon())))
                .isEqualTo(ErrorCode.ROLE_UNAVAILABLE);
    }

    private String deploy(RateLimitConfig config) {
        return resultOf(vertx.deployVerticle(new RateLimitVerticle(config, bus, clock, registry)));
    }

    private void storeThatGrants(int permits) {
        resultOf(Future.all(
                bus.serve(Addresses.TAKE_PERMITS, (requests, deadline) -> {
                    asked.addAll(requests.items());
                    return Future.succeededFuture(new Batches.PermitGrants(requests.items().stream()
                            .map(item -> new PermitGrant(permits, clock.instant(), 1))
                            .toList()));
                }),
                bus.serve(Addresses.PERMITS_USED, (question, deadline) -> {
                    looked.add(question);
                    return Future.succeededFuture(new RateLimit.Use(permits, clock.instant(), false));
                })));
    }

    private RateLimit.Status status(RateLimit.StatusOf question) {
        return resultOf(bus.request(Addresses.RATE_LIMIT_STATUS, question, soon()));
    }

    private PermitRequest request(Throttle own, Throttle shared) {
        return new PermitRequest(application, endpoint, 1, own, shared, 5);
    }

    private double count(String result) {
        return registry.get("posthorn.ratelimit.permits")
                .tag("result", result)
                .counter()
                .count();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10));
    }
}
