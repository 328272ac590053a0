package io.posthorn.storage.redis;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.AuditReport.Difference;
import io.posthorn.contract.AuditReport.Kind;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Damage that only a store in Redis can have, made by hand; real time, unlike in the contract. */
class RedisAuditTest {
    private static final Shards SHARDS = new Shards("posthorn", 2);
    private static final int LIMIT = 10;
    private static final int SETTLED_BETWEEN = 200;

    private static RedisProcess redis;
    private static Vertx vertx;

    private RedisEngine engine;
    private EngineDriver store;
    private Application app;
    private Endpoint endpoint;
    private String prefix;
    private String bareApp;
    private String bareEndpoint;

    @BeforeAll
    static void start() {
        redis = RedisProcess.start(Map.of("appendonly", "no"));
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        resultOf(vertx.close());
        redis.close();
    }

    @BeforeEach
    void open() {
        redis.command("FLUSHALL");
        RedisServers servers =
                RedisServers.of(List.of(redis.url()), RedisServers.Mode.STANDALONE, null, null, null, null);
        engine = RedisEngines.redis(
                vertx,
                new RedisEngineOptions(
                        servers,
                        2,
                        2,
                        Duration.ofSeconds(5),
                        0,
                        "posthorn",
                        InFlightLimit.from(LIMIT),
                        Duration.ofDays(30)),
                InstantSource.system(),
                null);
        resultOf(engine.open());
        store = new EngineDriver(engine, new ManualClock(Instant.now()));
        app = store.application();
        endpoint = store.endpoint(app);
        prefix = SHARDS.prefix(app.id());
        bareApp = Names.bare(app.id().value());
        bareEndpoint = Names.bare(endpoint.id().value());
    }

    @AfterEach
    void close() {
        resultOf(engine.close());
    }

    @Test
    void endpointThatWaitsForNoTimeIsTakenOutOfThoseThatDo() {
        store.accept(app, 5);
        damage("ZADD", prefix + "w", "1", nobody());
        damage("ZADD", prefix + "w", "1", bareEndpoint);

        isFoundAndMended(Kind.DANGLING_INDEX_ENTRY, "w ", 2);
        assertThat(store.claim(20)).hasSize(5);
    }

    @Test
    void deadMembersOfTheRingsAreTakenOut() {
        store.accept(app, 5);
        damage("LPUSH", prefix + "re:" + bareApp, nobody());
        damage("RPUSH", prefix + "re:" + bareApp, bareEndpoint);
        damage("LPUSH", prefix + "ra", nobody());
        damage("RPUSH", prefix + "ra", bareApp);

        isFoundAndMended(Kind.DANGLING_INDEX_ENTRY, "r", 4);
        assertThat(redis.command("LRANGE", prefix + "re:" + bareApp, "0", "-1")).isEqualTo(bareEndpoint);
        assertThat(redis.command("LRANGE", prefix + "ra", "0", "-1")).isEqualTo(bareApp);
        assertThat(store.claim(20)).hasSize(5);
    }

    @Test
    void queueThatStandsNowhereIsPutIntoTheRing() {
        store.accept(app, 5);
        damage("LREM", prefix + "re:" + bareApp, "0", bareEndpoint);
        damage("LREM", prefix + "ra", "0", bareApp);
        assertThat(store.claim(20)).isEmpty();

        isFoundAndMended(Kind.LOST_INDEX_ENTRY, "ring or wake list " + bareEndpoint, 1);
        assertThat(store.claim(20)).hasSize(5);
    }

    @Test
    void applicationThatStandsNowhereIsPutIntoTheRing() {
        store.accept(app, 5);
        damage("LREM", prefix + "ra", "0", bareApp);

        isFoundAndMended(Kind.LOST_INDEX_ENTRY, "ra " + bareApp, 1);
        assertThat(store.claim(20)).hasSize(5);
    }

    @Test
    void membersOfTheSetsOfOpenAndRemovedEndpointsAreChecked() {
        // Given
        store.accept(app, 5);
        damage("SADD", prefix + "o", nobody());
        damage("SADD", prefix + "x", nobody());
        damage("SADD", prefix + "x", bareEndpoint);

        // Then: the second would have cancelled what waits for an endpoint that is there
        isFoundAndMended(Kind.DANGLING_INDEX_ENTRY, "", 3);
        assertThat(redis.command("SMEMBERS", prefix + "o")).isEqualTo(bareEndpoint);
        assertThat(redis.command("SCARD", prefix + "x")).isEqualTo(":0");
        store.sweep();
        assertThat(store.claim(20)).hasSize(5);
    }

    @Test
    void lostMemberOfTheOpenEndpointsIsFoundAlsoWhereNothingIsOpen() {
        store.accept(app, 1);
        store.claim(1).forEach(store::succeed);
        damage("SREM", prefix + "o", bareEndpoint);

        isFoundAndMended(Kind.LOST_INDEX_ENTRY, "o " + bareEndpoint, 1);
    }

    @Test
    void holdsOfALeaseThatIsNotThereAreRemovedAndWhatTheyHeldWaitsAgain() {
        // Given
        List<Message> messages = store.accept(app, 3);
        assertThat(store.claim(3)).hasSize(3);
        for (String fence : redis.command("ZRANGE", prefix + "l", "0", "-1").split(" ")) {
            damage("ZREM", prefix + "l", fence);
        }
        damage(
                "HSET",
                prefix + "l:99",
                bareEndpoint + Names.bare(messages.get(0).id().value()),
                "q 1 0 s");

        // When
        AuditReport found = audit(false);
        AuditReport mended = audit(true);

        // Then
        assertThat(found.differences()).hasSameSizeAs(mended.differences());
        assertThat(mended.differences())
                .extracting(Difference::kind)
                .containsOnly(Kind.ORPHANED_RECORD, Kind.LOST_INDEX_ENTRY, Kind.WRONG_COUNTER);
        assertThat(mended.clean()).isTrue();
        assertThat(redis.command("KEYS", prefix + "l:*")).isEmpty();
        assertThat(audit(false).differences()).isEmpty();
        assertThat(store.claim(20)).hasSize(3);
    }

    @Test
    void leaseWithoutHoldsIsRemoved() {
        damage("ZADD", prefix + "l", "99999999999999", "77");

        isFoundAndMended(Kind.DANGLING_INDEX_ENTRY, "l 77", 1);
    }

    @Test
    void deliveryThatIsInFlightAndWaitsIsLetGo() {
        // Given
        Message message = store.accept(app);
        assertThat(store.claim(1)).hasSize(1);
        damage(
                "ZADD",
                prefix + "q:" + bareEndpoint,
                "1",
                Names.bare(message.id().value()));

        // When
        AuditReport found = audit(false);
        AuditReport mended = audit(true);

        // Then
        assertThat(found.differences()).extracting(Difference::kind).contains(Kind.TWO_STATES);
        assertThat(mended.clean()).isTrue();
        assertThat(audit(false).differences()).isEmpty();
        assertThat(store.claim(20)).hasSize(1);
    }

    @Test
    void countsOfTheShardAreMended() {
        store.accept(app, 5);
        damage("HINCRBY", prefix + "b", "s", "3");

        isFoundAndMended(Kind.WRONG_COUNTER, "b s", 1);
    }

    @Test
    void wrongCounterOfAnEndpointThatNeverRestsIsFoundAndMended() throws Exception {
        // Given
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong settled = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Future<?> traffic = threads.submit(() -> {
            while (!stop.get()) {
                store.accept(app, 3);
                for (ClaimedDelivery one : claim()) {
                    end(one, settled.incrementAndGet());
                }
                resultOf(engine.sweep());
            }
        });
        try {
            Awaitility.await().until(() -> settled.get() > SETTLED_BETWEEN);

            // When
            AuditReport before = audit(false);
            redis.command("HINCRBY", prefix + "e:" + bareEndpoint, "c", "5");
            redis.command("HINCRBY", prefix + "e:" + bareEndpoint, "s", "5");
            long then = settled.get();
            AuditReport found = audit(false);
            AuditReport mended = audit(true);
            long meanwhile = settled.get() - then;
            AuditReport after = audit(false);

            // Then
            assertThat(before.differences()).isEmpty();
            assertThat(found.differences())
                    .allMatch(one -> one.kind() == Kind.WRONG_COUNTER)
                    .anyMatch(one -> one.where().equals("e:" + bareEndpoint));
            assertThat(mended.differences()).anyMatch(one -> one.where().equals("e:" + bareEndpoint));
            assertThat(mended.clean()).isTrue();
            assertThat(meanwhile).isPositive();
            assertThat(after.differences()).isEmpty();
        } finally {
            stop.set(true);
            traffic.get(20, TimeUnit.SECONDS);
            threads.shutdownNow();
        }

        // Then
        AuditReport last = audit(false);
        assertThat(last.differences()).isEmpty();
        assertThat(last.recorded()).isEqualTo(store.books()).isEqualTo(store.books(endpoint));
    }

    private List<ClaimedDelivery> claim() {
        return resultOf(engine.claim(new ClaimRequest(Fixtures.NODE, 4, EngineDriver.LEASE, Duration.ZERO)))
                .deliveries();
    }

    private void end(ClaimedDelivery one, long number) {
        switch ((int) (number % 4)) {
            case 0 -> store.retry(one, Duration.ofMillis(1));
            case 1 -> store.exhaust(one);
            case 2 -> store.defer(one, Duration.ofMillis(1));
            default -> store.succeed(one);
        }
    }

    private AuditReport audit(boolean repair) {
        return resultOf(engine.audit(repair, looked -> {}));
    }

    private void isFoundAndMended(Kind kind, String where, int times) {
        AuditReport found = audit(false);
        AuditReport mended = audit(true);
        AuditReport after = audit(false);
        assertThat(found.differences())
                .hasSize(times)
                .allMatch(one -> one.kind() == kind && one.where().startsWith(where) && !one.mended());
        assertThat(mended.differences()).hasSize(times).allMatch(Difference::mended);
        assertThat(after.differences()).isEmpty();
        assertThat(after.clean()).isTrue();
    }

    private static void damage(String... words) {
        assertThat(redis.command(words))
                .as(String.join(" ", words))
                .startsWith(":")
                .isNotEqualTo(":0");
    }

    private static String nobody() {
        return Names.bare(EndpointId.at(System.currentTimeMillis()).value());
    }
}
