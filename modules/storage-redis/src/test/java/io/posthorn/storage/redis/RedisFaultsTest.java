package io.posthorn.storage.redis;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.failureOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What must hold while Redis, or the way to it, does not work. Real time, unlike in the contract. */
class RedisFaultsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final List<StorageEngine> opened = new ArrayList<>();
    private Vertx vertx;
    private RedisProcess redis;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        redis = RedisProcess.start();
    }

    @AfterEach
    void stop() {
        opened.forEach(engine -> resultOf(engine.close()));
        resultOf(vertx.close());
        redis.close();
    }

    private StorageEngine engine(String url, InstantSource clock) {
        RedisServers servers = RedisServers.of(List.of(url), RedisServers.Mode.STANDALONE, null, null, null, null);
        StorageEngine engine = RedisEngines.redis(
                vertx,
                new RedisEngineOptions(
                        servers, 2, 3, TIMEOUT, 0, "posthorn", InFlightLimit.from(128), Duration.ofDays(30)),
                clock);
        opened.add(engine);
        return engine;
    }

    /** Over this engine, whose entities are dated by the real clock. */
    private static EngineDriver driver(StorageEngine engine) {
        return new EngineDriver(engine, new ManualClock(Instant.now()));
    }

    private static Fixtures given() {
        return new Fixtures(InstantSource.system());
    }

    private static void becomesWell(StorageEngine engine, Application app) {
        await().atMost(Duration.ofSeconds(6)).until(() -> works(engine, app));
    }

    private static boolean works(StorageEngine engine, Application app) throws Exception {
        return engine.append(List.of(given().message(app.id()).build()))
                .map(true)
                .otherwise(false)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void lostRepliesDoubleNothingAndLoseNothing() {
        // Given
        CuttingProxy proxy = new CuttingProxy(vertx, redis.port());
        StorageEngine engine = engine(proxy.url(), InstantSource.system());
        resultOf(engine.open());
        EngineDriver store = driver(engine);
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);

        // When: the first reply to each kind of call is lost after Redis did as asked
        NewMessage message =
                given().message(app.id()).payload(Buffer.buffer("the payload")).build();
        proxy.loseReplies(1, bytes("the payload"));
        AppendOutcome appended = store.append(message);
        assertThat(proxy.leftToLose()).isZero();

        proxy.loseReplies(1, bytes("node-1"));
        List<ClaimedDelivery> claimed = store.claim(10);
        assertThat(proxy.leftToLose()).isZero();

        Settlement settlement = new Settlement(
                claimed.get(0).key(),
                claimed.get(0).fence(),
                new Settlement.Verdict.Succeeded(),
                given().attempt(claimed.get(0), 200));
        proxy.loseReplies(1, bytes("a response"));
        List<SettleOutcome> settled = resultOf(engine.settle(List.of(settlement)));
        assertThat(proxy.leftToLose()).isZero();

        // Then
        assertThat(appended).isInstanceOfAny(AppendOutcome.Appended.class, AppendOutcome.Repeated.class);
        assertThat(claimed).hasSize(1);
        assertThat(settled).hasSize(1);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 1, 0, 0, 0, 0));
        assertThat(store.attempts(
                        appended instanceof AppendOutcome.Appended one
                                ? one.message()
                                : ((AppendOutcome.Repeated) appended).message()))
                .hasSize(1);
        assertThat(store.claim(10)).isEmpty();
    }

    @Test
    void halfOpenConnectionsEndInTimeAndAreReplaced() {
        // Given
        CuttingProxy proxy = new CuttingProxy(vertx, redis.port());
        StorageEngine engine = engine(proxy.url(), InstantSource.system());
        resultOf(engine.open());
        Application app = driver(engine).application();

        // When
        proxy.silent(true);
        long start = System.nanoTime();
        ErrorCode code = codeOf(engine.append(List.of(given().message(app.id()).build())));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        RoleHealth.Check ill = engine.health();
        proxy.silent(false);

        // Then
        assertThat(code).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(took).isLessThan(TIMEOUT.plusSeconds(1));
        assertThat(ill.status()).isEqualTo(RoleHealth.Status.UNHEALTHY);
        becomesWell(engine, app);
    }

    @Test
    void killedServerIsFoundAgainWithAllThatWasAccepted() {
        // Given
        StorageEngine engine = engine(redis.url(), InstantSource.system());
        resultOf(engine.open());
        EngineDriver store = driver(engine);
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 20);

        // When
        redis.kill();
        ErrorCode code = codeOf(engine.append(List.of(given().message(app.id()).build())));
        redis.restart();
        becomesWell(engine, app);

        // Then
        assertThat(code).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(store.books(endpoint).created()).isGreaterThanOrEqualTo(21);
        assertThat(store.claim(100)).hasSize((int) store.books(endpoint).created());
    }

    @Test
    void flushedScriptsAreLoadedAgain() {
        StorageEngine engine = engine(redis.url(), InstantSource.system());
        resultOf(engine.open());
        EngineDriver store = driver(engine);
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        for (int i = 0; i < 5; i++) {
            redis.command("SCRIPT", "FLUSH");
            store.accept(app);
            redis.command("SCRIPT", "FLUSH");
            store.succeed(store.claimOne());
        }
        assertThat(store.books(endpoint)).isEqualTo(new Books(5, 5, 0, 0, 0, 0));
    }

    @Test
    void fullMemoryRefusesWithTheReasonAndRecovers() {
        // Given
        StorageEngine engine = engine(redis.url(), InstantSource.system());
        resultOf(engine.open());
        EngineDriver store = driver(engine);
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 3);

        // When
        redis.command("CONFIG", "SET", "maxmemory", "1mb");
        ErrorCode code = codeOf(engine.append(List.of(given().message(app.id()).build())));
        RoleHealth.Check ill = engine.health();
        redis.command("CONFIG", "SET", "maxmemory", "0");

        // Then
        assertThat(code).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(ill.status()).isEqualTo(RoleHealth.Status.UNHEALTHY);
        assertThat(ill.detail()).contains("out of memory");
        assertThat(store.books(endpoint)).isEqualTo(new Books(3, 0, 0, 0, 3, 0));
        store.accept(app);
        assertThat(store.books(endpoint).waiting()).isEqualTo(4);
    }

    @Test
    void foreignDataUnderOurKeysIsRefusedWithTheReasonAndNothingIsHalfDone() {
        // Given
        StorageEngine engine = engine(redis.url(), InstantSource.system());
        resultOf(engine.open());
        EngineDriver store = driver(engine);
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        String queue = new Shards("posthorn", 2).prefix(app.id()) + "q:"
                + Names.bare(endpoint.id().value());
        redis.command("SET", queue, "something else");
        NewMessage message = given().message(app.id()).build();

        // When
        ErrorCode code = codeOf(engine.append(List.of(message)));
        RoleHealth.Check ill = engine.health();
        redis.command("DEL", queue);

        // Then
        assertThat(code).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(ill.detail()).contains("holds something else");
        assertThat(store.append(message)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 1, 0));
        assertThat(store.claim(10)).hasSize(1);
    }

    @Test
    void nodesWithWrongClocksAgreeOnDueTimesAndLeases() {
        // Given: one node an hour ahead, one an hour behind
        InstantSource ahead = () -> Instant.now().plusSeconds(3_600);
        InstantSource behind = () -> Instant.now().minusSeconds(3_600);
        StorageEngine fast = engine(redis.url(), ahead);
        StorageEngine slow = engine(redis.url(), behind);
        resultOf(fast.open());
        resultOf(slow.open());
        EngineDriver store = driver(fast);
        Application app = store.application();
        store.endpoint(app);
        store.accept(app);

        // When
        resultOf(slow.sweep());
        ClaimedDelivery claimed = resultOf(
                        slow.claim(new ClaimRequest(Fixtures.NODE, 1, Duration.ofSeconds(30), Duration.ZERO)))
                .deliveries()
                .get(0);
        Settlement retry = new Settlement(
                claimed.key(),
                claimed.fence(),
                new Settlement.Verdict.Retry(behind.instant().plusMillis(1_500)),
                given().attempt(claimed, 500));
        resultOf(slow.settle(List.of(retry)));
        List<ClaimedDelivery> early = store.claim(1);

        // Then
        assertThat(Duration.between(behind.instant(), claimed.leaseUntil()))
                .isBetween(Duration.ofSeconds(25), Duration.ofSeconds(31));
        assertThat(early).isEmpty();
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            resultOf(fast.sweep());
            return !store.claim(1).isEmpty();
        });
    }

    @Test
    void workOfOneNodeIsAnnouncedOnAnother() throws InterruptedException {
        // Given
        StorageEngine one = engine(redis.url(), InstantSource.system());
        StorageEngine other = engine(redis.url(), InstantSource.system());
        resultOf(one.open());
        resultOf(other.open());
        Application app = driver(one).application();
        driver(one).endpoint(app);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> redis.command("PUBSUB", "NUMSUB", "posthorn:news").endsWith(":2"));
        assertThat(driver(other).claim(1)).isEmpty();
        Semaphore calls = new Semaphore(0);
        other.onWork(calls::release);

        // When
        driver(one).accept(app);

        // Then
        assertThat(calls.tryAcquire(3, TimeUnit.SECONDS)).isTrue();
        assertThat(driver(other).claim(1)).hasSize(1);
    }

    @Test
    void saysWhatCouldBeLost() {
        redis.command("CONFIG", "SET", "appendfsync", "everysec");
        redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        StorageEngine engine = engine(redis.url(), InstantSource.system());
        resultOf(engine.open());
        assertThat(engine.health().status()).isEqualTo(RoleHealth.Status.DEGRADED);
        assertThat(engine.health().detail()).contains("last second").contains("evicted");
    }

    @Test
    void refusesWhatIsNoStoreOfOurs() {
        redis.command("SET", "posthorn:{d}:store", "something else");
        assertThat(failureOf(engine(redis.url(), InstantSource.system()).open()))
                .hasMessageContaining("something else");
        redis.command("DEL", "posthorn:{d}:store");
        redis.command("HSET", "posthorn:{d}:store", "format", "1", "shards", "7", "id", "x");
        assertThat(failureOf(engine(redis.url(), InstantSource.system()).open()))
                .hasMessageContaining("7 shards");
        redis.command("HSET", "posthorn:{d}:store", "format", "99", "shards", "2");
        assertThat(failureOf(engine(redis.url(), InstantSource.system()).open()))
                .hasMessageContaining("format 99");
    }

    @Test
    void refusesAWrongPasswordAndAReplica() {
        redis.command("CONFIG", "SET", "requirepass", "right");
        String wrong = "redis://:wrong@127.0.0.1:" + redis.port();
        assertThat(failureOf(engine(wrong, InstantSource.system()).open())).hasMessageContaining("password is wrong");
        assertThat(failureOf(engine(redis.url(), InstantSource.system()).open()))
                .hasMessageContaining("password");
        StorageEngine right = engine("redis://:right@127.0.0.1:" + redis.port(), InstantSource.system());
        resultOf(right.open());
        try (RedisProcess primary = RedisProcess.start();
                RedisProcess replica = RedisProcess.startReplica(primary, Map.of())) {
            assertThat(failureOf(engine(replica.url(), InstantSource.system()).open()))
                    .hasMessageContaining("replica");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
