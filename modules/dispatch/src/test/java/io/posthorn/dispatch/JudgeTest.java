package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.DispatchConfig;
import io.posthorn.config.RetryConfig;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Sending;
import io.posthorn.contract.Settlement.Verdict;
import io.posthorn.contract.Trigger;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {
    private static final DispatchConfig CONFIG = Samples.config(Duration.ofSeconds(1), Duration.ofSeconds(1), null);
    private final Judge judge = judge(Samples.retries(Duration.ofSeconds(5)));

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void succeedsOnEvery2xx(int status) {
        assertThat(judge(status, null, 1).verdict()).isEqualTo(new Verdict.Succeeded());
    }

    @Test
    void parksAReceiverThatTookThisOneAndLetsInNoMore() {
        // When
        Judge.Judgement soon = judge(usedUp(200, Duration.ofSeconds(30)));
        Judge.Judgement late = judge(usedUp(200, Duration.ofDays(30)));
        Judge.Judgement failed = judge(usedUp(500, Duration.ofSeconds(30)));

        // Then
        assertThat(soon)
                .isEqualTo(new Judge.Judgement(new Verdict.Succeeded(), true, Samples.NOW.plusSeconds(30), false));
        assertThat(late.parkUntil()).isEqualTo(Samples.NOW.plus(CONFIG.maxRetryAfter()));
        assertThat(failed.parkUntil()).isNull();
    }

    private static AttemptOutcome usedUp(int status, Duration pause) {
        return new AttemptOutcome.Answered(status, null, Buffer.buffer(), false, pause);
    }

    private Judge.Judgement judge(AttemptOutcome outcome) {
        return judge.judge(
                Samples.delivery(Samples.endpoint("https://receiver.example.com/hook")), outcome, Samples.NOW);
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
    void endsAtOnceOnAFinalStatus() {
        // Given
        Judge strict = judge(new RetryConfig(List.of(Duration.ofSeconds(5)), null, null, 0, null, List.of(404, 429)));
        Endpoint usual = Samples.endpoint("https://example.com/");
        Endpoint patient = usual.withSending(Sending.AS_CONFIGURED.withFinalStatuses(Set.of()), Samples.NOW);
        Endpoint own = usual.withSending(Sending.AS_CONFIGURED.withFinalStatuses(Set.of(500)), Samples.NOW);

        // Then
        assertThat(answered(strict, usual, 404, null).verdict()).isEqualTo(new Verdict.Exhausted());
        assertThat(answered(strict, usual, 500, null).verdict()).isInstanceOf(Verdict.Retry.class);
        assertThat(answered(strict, patient, 404, null).verdict()).isInstanceOf(Verdict.Retry.class);
        assertThat(answered(strict, own, 500, null).verdict()).isEqualTo(new Verdict.Exhausted());
        assertThat(answered(strict, own, 404, null).verdict()).isInstanceOf(Verdict.Retry.class);
        assertThat(answered(strict, own, 404, null).gone()).isFalse();
    }

    @Test
    void finalStatusOfABusyReceiverStillParksItsQueue() {
        // Given
        Judge strict = judge(new RetryConfig(List.of(Duration.ofSeconds(5)), null, null, 0, null, List.of(429)));

        // When
        Judge.Judgement judgement = answered(strict, Samples.endpoint("https://example.com/"), 429, "90");

        // Then
        assertThat(judgement.verdict()).isEqualTo(new Verdict.Exhausted());
        assertThat(judgement.parkUntil()).isEqualTo(Samples.NOW.plusSeconds(90));
    }

    @Test
    void endsWhenTheNextAttemptWouldBeLaterThanItsAgeAllows() {
        // Given: the message was accepted now, and the pause is 5 s
        Endpoint usual = Samples.endpoint("https://example.com/");
        Endpoint longer = usual.withSending(Sending.AS_CONFIGURED.withMaxAge(Duration.ofHours(1)), Samples.NOW);
        Judge exact =
                judge(new RetryConfig(List.of(Duration.ofSeconds(5)), null, null, 0, Duration.ofSeconds(5), List.of()));
        Judge shorter = judge(
                new RetryConfig(List.of(Duration.ofSeconds(5)), null, null, 0, Duration.ofMillis(4999), List.of()));

        // Then
        assertThat(answered(exact, usual, 500, null).verdict())
                .isEqualTo(new Verdict.Retry(Samples.NOW.plusSeconds(5)));
        assertThat(answered(exact, usual, 503, "6").verdict()).isEqualTo(new Verdict.Exhausted());
        assertThat(answered(exact, usual, 503, "6").parkUntil()).isEqualTo(Samples.NOW.plusSeconds(6));
        assertThat(answered(shorter, usual, 500, null).verdict()).isEqualTo(new Verdict.Exhausted());
        assertThat(answered(shorter, longer, 500, null).verdict()).isInstanceOf(Verdict.Retry.class);
    }

    private static Judge judge(RetryConfig retry) {
        return new Judge(CONFIG, retry, new RetrySchedule(retry.policy(), new SplittableRandom(1)));
    }

    private static Judge.Judgement answered(Judge judge, Endpoint endpoint, int status, String retryAfter) {
        return judge.judge(
                Samples.delivery(endpoint, 1, Trigger.SCHEDULED, Samples.NOW),
                new AttemptOutcome.Answered(status, retryAfter, Buffer.buffer(), false),
                Samples.NOW);
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
