package io.posthorn.storage.redis;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.RedisSentinelProcesses;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisSentinelTest {
    private Vertx vertx;
    private RedisSentinelProcesses servers;
    private StorageEngine engine;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        servers = RedisSentinelProcesses.start();
        RedisServers found = RedisServers.of(
                servers.urls(), RedisServers.Mode.SENTINEL, RedisSentinelProcesses.NAME, null, null, null);
        engine = RedisEngines.redis(
                vertx,
                new RedisEngineOptions(
                        found,
                        2,
                        3,
                        Duration.ofSeconds(5),
                        1,
                        "posthorn",
                        InFlightLimit.from(10_000),
                        Duration.ofDays(30)),
                InstantSource.system());
        resultOf(engine.open());
    }

    @AfterEach
    void stop() {
        resultOf(engine.close());
        resultOf(vertx.close());
        servers.close();
    }

    @Test
    void failoverLosesNothingThatAReplicaHadToHave() throws Exception {
        // Given
        EngineDriver store = new EngineDriver(engine, new ManualClock(Instant.now()));
        Application app = store.application();
        store.endpoint(app);
        Set<MessageId> accepted = new HashSet<>();

        // When: the primary dies under load and the replica takes over; what was refused is sent again
        for (int i = 0; i < 120; i++) {
            if (i == 40) {
                servers.primary().kill();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> servers.replica().command("ROLE").startsWith("master"));
                // WAIT is for a replica that there is no more: the old primary comes back as one.
                servers.primary().restart();
            }
            NewMessage message =
                    new Fixtures(InstantSource.system()).message(app.id()).build();
            await().atMost(Duration.ofSeconds(40)).until(() -> isAccepted(message));
            accepted.add(message.id());
        }

        // Then
        Set<MessageId> claimed = new HashSet<>();
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            for (ClaimedDelivery one : resultOf(
                            engine.claim(new ClaimRequest(Fixtures.NODE, 256, Duration.ofSeconds(60), Duration.ZERO)))
                    .deliveries()) {
                claimed.add(one.key().message());
            }
            return claimed.size() >= accepted.size();
        });
        assertThat(claimed).isEqualTo(accepted);
    }

    private boolean isAccepted(NewMessage message) throws Exception {
        List<AppendOutcome> outcomes = engine.append(List.of(message))
                .otherwise(List.of())
                .toCompletionStage()
                .toCompletableFuture()
                .get(15, TimeUnit.SECONDS);
        return !outcomes.isEmpty()
                && (outcomes.get(0) instanceof AppendOutcome.Appended
                        || outcomes.get(0) instanceof AppendOutcome.Repeated);
    }
}
