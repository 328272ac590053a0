package io.posthorn.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.benchmarks.run.RedisCommands.Use;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedisCommandsTest {
    private static final String INFO = "# Commandstats cmdstat_evalsha:calls=12,usec=340,usec_per_call=28.33,"
            + "rejected_calls=0,failed_calls=0 cmdstat_client|setinfo:calls=2,usec=4,usec_per_call=2.00";

    @Test
    void readsCallsAndTimeOfEachCommand() {
        assertThat(RedisCommands.parse(INFO).byName())
                .containsOnly(Map.entry("evalsha", new Use(12, 340)), Map.entry("client|setinfo", new Use(2, 4)));
        assertThat(RedisCommands.parse("").byName()).isEmpty();
    }

    @Test
    void differencesLeaveOutWhatWasNotUsed() {
        RedisCommands before = new RedisCommands(Map.of("get", new Use(5, 50), "set", new Use(1, 9)));
        RedisCommands after =
                new RedisCommands(Map.of("get", new Use(8, 80), "set", new Use(1, 9), "zadd", new Use(2, 3)));

        assertThat(after.since(before).byName())
                .containsOnly(Map.entry("get", new Use(3, 30)), Map.entry("zadd", new Use(2, 3)));
    }
}
