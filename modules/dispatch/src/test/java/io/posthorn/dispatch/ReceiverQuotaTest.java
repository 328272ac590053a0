package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiverQuotaTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"default\";r=0;t=30 | 30",
                "\"default\"; r=0; t=30 | 30",
                "\"default\";t=30;r=0;pk=:cHNzdA==: | 30",
                "\"permin\";r=0;t=20, \"perhr\";r=0;t=1800 | 1800",
                "\"permin\";r=5;t=20, \"perhr\";r=0;t=1800 | 1800",
                "\"permin\";r=0;t=20,\"perhr\";r=5;t=1800 | 20",
                "\"a;r=0;t=9, b\\\"\";r=0;t=30 | 30",
                "limit=10, remaining=0, reset=30 | 30"
            })
    void nothingLeftIsSoUntilTheReset(String field, long seconds) {
        assertThat(quota("ratelimit", field)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"default\";r=1;t=30",
                "\"default\";r=0",
                "\"default\";r=0;t=0",
                "\"a;r=0;t=9\";r=3;t=30",
                "\"default\";r=-0;t=30",
                "\"default\";r=00x;t",
                "\"default\";xr=0;t=30",
                "limit=10, remaining=1, reset=30",
                "limit=10, remaining=0",
                "\"\"\"\"\"\"\"",
                "nonsense"
            })
    void anythingElseSaysNothing(String field) {
        assertThat(quota("ratelimit", field)).isNull();
    }

    @Test
    void fieldThatIsTooLongSaysNothing() {
        assertThat(quota("ratelimit", "\"" + "a".repeat(1100) + "\";r=0;t=30")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"0, 30, 30", "0, 1800000030, 30", "0, 1800000030500, 30"})
    void pairOfFieldsMayNamePauseOrTime(String remaining, String reset, long seconds) {
        assertThat(pair("ratelimit", remaining, reset).toSeconds()).isEqualTo(seconds);
        assertThat(pair("x-ratelimit", remaining, reset).toSeconds()).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource({"1, 30", "0, 0", "0, 1799999999", "0, soon", "none, 30", "0, 99999999999999999999"})
    void pairThatLeavesSomethingOrCannotBeReadSaysNothing(String remaining, String reset) {
        assertThat(pair("x-ratelimit", remaining, reset)).isNull();
    }

    @Test
    void fieldGoesBeforeThePairs() {
        MultiMap headers = HttpHeaders.headers()
                .add("ratelimit", "\"default\";r=5;t=30")
                .add("x-ratelimit-remaining", "0")
                .add("x-ratelimit-reset", "30");
        assertThat(ReceiverQuota.usedUpFor(headers, NOW)).isNull();
    }

    private static Duration quota(String name, String value) {
        return ReceiverQuota.usedUpFor(HttpHeaders.headers().add(name, value), NOW);
    }

    private static Duration pair(String prefix, String remaining, String reset) {
        return ReceiverQuota.usedUpFor(
                HttpHeaders.headers().add(prefix + "-remaining", remaining).add(prefix + "-reset", reset), NOW);
    }
}
