package io.posthorn.storage.redis;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ErrorCode;
import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisLinkTest {
    private static final String SHARD = "posthorn:{0}:";
    private static final Script ECHO = Script.of("echo");

    private Vertx vertx;
    private RedisProcess redis;
    private RedisLink link;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        redis = RedisProcess.start();
        link = new RedisLink(vertx, options(redis.url()), () -> "1000:128:128:test");
        resultOf(link.open());
    }

    @AfterEach
    void close() {
        resultOf(link.close());
        resultOf(vertx.close());
        redis.close();
    }

    static RedisEngineOptions options(String url) {
        RedisServers servers = RedisServers.of(List.of(url), RedisServers.Mode.STANDALONE, null, null, null, null);
        return new RedisEngineOptions(
                servers, 1, 3, Duration.ofSeconds(5), 0, "posthorn", InFlightLimit.from(128), Duration.ofDays(30));
    }

    @Test
    void runsScriptsThatTheServerForgot() {
        for (int i = 0; i < 3; i++) {
            assertThat(resultOf(link.run(ECHO, SHARD, List.of("x"))).toString()).isEqualTo("x");
            redis.command("SCRIPT", "FLUSH");
        }
    }

    @Test
    void readsInOneGo() {
        redis.command("SET", SHARD + "a", "1");
        List<?> answers = resultOf(link.read(
                SHARD,
                List.of(
                        Request.cmd(Command.GET).arg(SHARD + "a"),
                        Request.cmd(Command.GET).arg(SHARD + "b"))));
        assertThat(answers.get(0)).hasToString("1");
        assertThat(answers.get(1)).isNull();
    }

    @Test
    void failsWithinItsDeadlineWhileTheServerHangsAndGoesOnAfterwards() {
        // Given
        redis.pause();

        // When
        long start = System.nanoTime();
        ErrorCode hanging = codeOf(link.run(ECHO, SHARD, List.of("x")));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        redis.resume();

        // Then
        assertThat(hanging).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(took).isBetween(Duration.ofSeconds(1), Duration.ofMillis(5_500));
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> link.run(ECHO, SHARD, List.of("x"))
                        .transform((answer, failure) -> io.vertx.core.Future.succeededFuture(failure == null))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get());
    }

    @Test
    void failsAtOnceWhileTheServerIsGoneAndGoesOnAfterItsReturn() {
        redis.kill();
        assertThat(codeOf(link.run(ECHO, SHARD, List.of("x")))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        redis.restart();
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> link.run(ECHO, SHARD, List.of("x"))
                        .transform((answer, failure) -> io.vertx.core.Future.succeededFuture(failure == null))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get());
    }
}
