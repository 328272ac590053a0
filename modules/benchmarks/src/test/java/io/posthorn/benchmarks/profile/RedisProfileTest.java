package io.posthorn.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.benchmarks.run.RedisCommands;
import io.posthorn.benchmarks.run.RedisCommands.Use;
import io.posthorn.benchmarks.run.ThreadCpu;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedisProfileTest {
    private static final RedisCommands USED =
            new RedisCommands(Map.of("evalsha", new Use(10, 600), "zadd", new Use(30, 200), "get", new Use(9, 100)));

    @Test
    void commandsThatScriptsCallAreCountedOnce() {
        // Given
        ThreadCpu main = new ThreadCpu(50, "redis-server", 700, 300, 0);
        ThreadCpu flusher = new ThreadCpu(51, "bio_aof", 0, 40, 500);

        // When
        Map<String, Double> micros = RedisProfile.of(List.of(flusher, main), USED);

        // Then
        assertThat(micros)
                .containsOnly(
                        Map.entry("command zadd", 200.0),
                        Map.entry("command get", 100.0),
                        Map.entry(RedisProfile.SCRIPTS, 300.0),
                        Map.entry(RedisProfile.REST, 400.0),
                        Map.entry(RedisProfile.THREADS, 40.0));
    }

    @Test
    void theClocksTimeIsTakenDownByTheTimeOfWaitingForAProcessor() {
        // Given: it ran for half of the time in which it could have
        ThreadCpu main = new ThreadCpu(50, "redis-server", 700, 300, 1_000);

        // When
        Map<String, Double> micros = RedisProfile.of(List.of(main), USED);

        // Then
        assertThat(micros)
                .containsEntry("command zadd", 100.0)
                .containsEntry(RedisProfile.SCRIPTS, 150.0)
                .containsEntry(RedisProfile.REST, 700.0);
    }

    @Test
    void refusesAServerWithoutThreads() {
        assertThatThrownBy(() -> RedisProfile.of(List.of(), USED)).hasMessageContaining("threads: none");
    }
}
