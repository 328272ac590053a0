package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.DispatchConfig;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Settlement.Verdict;
import io.posthorn.contract.Trigger;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {
    private static final DispatchConfig CONFIG =
            Samples.config(Duration.ofSeconds(1), Duration.ofSeconds(1), List.of(Duration.ofSeconds(5)));
    private final Judge judge = new Judge(CONFIG, new RetrySchedule(CONFIG, new SplittableRandom(1)));

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void succeedsOnEvery2xx(int status) {
        assertThat(judge(status, null, 1).verdict()).isEqualTo(new Verdict.Succeeded());
    }

    @ParameterizedTest
    @ValueSource(ints = {199, 300, 301, 302, 304, 308, 400, 401, 404, 500, 501, 505, 599})
    void retriesOnEverythingElseWithoutParking(int status) {
        // When
        Judge.Judgement judgement = judge(status, null, 1);

        // Then
        assertThat(judgement.verdict()).isEqualTo(new Verdict.Retry(Samples.NOW.plusSeconds(5)));
        assertThat(judgement.parkUntil()).isNull();
    }

    @Test
    void endsAndDisablesOn410() {
        assertThat(judge(410, null, 1)).isEqualTo(new Judge.Judgement(new Verdict.Exhausted(), false, null, true));
    }

    @Test
    void parksForRetryAfterAndRetriesNotBefore() {
        // When
        Judge.Judgement judgement = judge(503, "90", 1);

        // Then
        assertThat(judgement.verdict()).isEqualTo(new Verdict.Retry(Samples.NOW.plusSeconds(90)));
        assertThat(judgement.parkUntil()).isEqualTo(Samples.NOW.plusSeconds(90));
    }

    @Test
    void keepsTheScheduleWhereItIsLongerThanRetryAfter() {
        // When
        Judge.Judgement judgement = judge(429, "1.5", 1);

        // Then
        assertThat(judgement.verdict()).isEqualTo(new Verdict.Retry(Samples.NOW.plusSeconds(5)));
        assertThat(judgement.parkUntil()).isEqualTo(Samples.NOW.plusMillis(1500));
    }

    @Test
    void parksWithoutRetryAfterForThePenaltyOrTheNextPause() {
        assertThat(judge(429, null, 1).parkUntil()).isEqualTo(Samples.NOW.plusSeconds(60));
        assertThat(judge(502, null, 1).parkUntil()).isEqualTo(Samples.NOW.plusSeconds(5));
        assertThat(judge(504, "soon", 1).parkUntil()).isEqualTo(Samples.NOW.plusSeconds(5));
        assertThat(judge(503, null, 2).verdict()).isEqualTo(new Verdict.Exhausted());
    }

    @Test
    void neverReschedulesAManualAttempt() {
        // Given
        Endpoint endpoint = Samples.endpoint("https://example.com/");

        // Then
        assertThat(judge.judge(
                                Samples.delivery(endpoint, 1, Trigger.MANUAL, Samples.NOW),
                                new AttemptOutcome.Failed(0, "connection refused"),
                                Samples.NOW)
                        .verdict())
                .isEqualTo(new Verdict.Exhausted());
    }

    @Test
    void endsWithThePolicyOfTheEndpoint() {
        // Given
        Endpoint never = Samples.endpoint("https://example.com/", null, new RetryPolicy(List.of(), 0), null, "x");

        // Then
        assertThat(judge.judge(
                                Samples.delivery(never, 1, Trigger.SCHEDULED, Samples.NOW),
                                new AttemptOutcome.TimedOut(0, "timeout"),
                                Samples.NOW)
                        .verdict())
                .isEqualTo(new Verdict.Exhausted());
    }

    @Test
    void readsEveryFormOfRetryAfter() {
        Duration day = Duration.ofDays(1);
        assertThat(RetryAfter.read("120", Samples.NOW, day)).isEqualTo(Duration.ofMinutes(2));
        assertThat(RetryAfter.read("0.0001", Samples.NOW, day)).isEqualTo(Duration.ofMillis(1));
        assertThat(RetryAfter.read("Fri, 02 Jan 2026 03:05:05 GMT", Samples.NOW, day))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(RetryAfter.read("Thu, 01 Jan 2026 03:05:05 GMT", Samples.NOW, day))
                .isEqualTo(Duration.ZERO);
        assertThat(RetryAfter.read("999999999999", Samples.NOW, day)).isEqualTo(day);
        for (String bad : List.of("", "-1", "1e9", "soon", "9".repeat(65))) {
            assertThat(RetryAfter.read(bad, Samples.NOW, day)).isNull();
        }
    }

    private Judge.Judgement judge(int status, String retryAfter, int attempt) {
        return judge.judge(
                Samples.delivery(Samples.endpoint("https://example.com/"), attempt, Trigger.SCHEDULED, Samples.NOW),
                new AttemptOutcome.Answered(status, retryAfter, Buffer.buffer(), false),
                Samples.NOW);
    }
}
