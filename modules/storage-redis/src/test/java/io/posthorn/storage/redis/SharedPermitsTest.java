package io.posthorn.storage.redis;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.RateLimit;
import io.posthorn.contract.Throttle;
import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several nodes over one Redis, whose clocks do not agree, keep one limit together. */
class SharedPermitsTest {
    private static final Throttle HUNDRED_A_SECOND = Throttle.of(100, Duration.ofSeconds(1));
    private static final int NODES = 3;

    private final ManualClock redisTime = new ManualClock();
    private final List<RedisEngine> nodes = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private RedisProcess redis;
    private Vertx vertx;
    private Application app;

    @BeforeEach
    void start() {
        redis = RedisProcess.start(Map.of("appendonly", "no"));
        vertx = Vertx.vertx();
        RedisServers servers =
                RedisServers.of(List.of(redis.url()), RedisServers.Mode.STANDALONE, null, null, null, null);
        RedisEngineOptions options = new RedisEngineOptions(
                servers, 4, 2, Duration.ofSeconds(5), 0, "posthorn", InFlightLimit.from(128), Duration.ofDays(30));
        for (int i = 0; i < NODES; i++) {
            ManualClock clock = new ManualClock();
            clock.advance(Duration.ofMinutes(7L * i));
            RedisEngine node = RedisEngines.redis(vertx, options, clock, redisTime);
            resultOf(node.open());
            nodes.add(node);
        }
        EngineDriver driver = new EngineDriver(nodes.get(0), redisTime);
        app = driver.application();
        endpoints.add(driver.endpoint(app));
        endpoints.add(driver.endpoint(app));
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> resultOf(node.close()));
        resultOf(vertx.close());
        redis.close();
    }

    @Test
    void nodesThatAskAtOnceGetTheLimitTogetherAndNotEach() {
        // When
        int granted = 0;
        for (int tenth = 0; tenth < 20; tenth++) {
            granted += askOnAllNodes(HUNDRED_A_SECOND, null);
            redisTime.advance(Duration.ofMillis(100));
        }

        // Then: a burst, and nineteen times what comes back in a tenth of a second
        assertThat(granted).isEqualTo(100 + 19 * 10);
    }

    @Test
    void limitOfAnApplicationHoldsOnAllNodes() {
        // When
        int granted = askOnAllNodes(null, HUNDRED_A_SECOND);

        // Then
        assertThat(granted).isEqualTo(100);
    }

    @Test
    void everyNodeSaysTheSameByItsOwnClock() {
        // Given
        int granted = askOnAllNodes(HUNDRED_A_SECOND, null);
        RateLimit.UseOf question =
                new RateLimit.UseOf(app.id(), endpoints.get(0).id(), HUNDRED_A_SECOND);

        // When
        List<RateLimit.Use> uses =
                nodes.stream().map(node -> resultOf(node.permitsUsed(question))).toList();

        // Then
        assertThat(granted).isEqualTo(100);
        assertThat(uses).extracting(RateLimit.Use::used).containsOnly(100);
        Instant first = uses.get(0).freeAt();
        assertThat(uses)
                .extracting(RateLimit.Use::freeAt)
                .containsExactly(first, first.plus(Duration.ofMinutes(7)), first.plus(Duration.ofMinutes(14)));
    }

    private int askOnAllNodes(Throttle own, Throttle shared) {
        List<Future<List<PermitGrant>>> asked = new ArrayList<>();
        for (int turn = 0; turn < 20; turn++) {
            for (StorageEngine node : nodes) {
                Endpoint endpoint = own == null ? endpoints.get(turn % 2) : endpoints.get(0);
                asked.add(node.takePermits(List.of(
                        new PermitRequest(app.id(), endpoint.id(), endpoint.version(), own, shared, 1 + turn % 9))));
            }
        }
        return asked.stream()
                .flatMap(answer -> resultOf(answer).stream())
                .mapToInt(PermitGrant::granted)
                .sum();
    }
}
