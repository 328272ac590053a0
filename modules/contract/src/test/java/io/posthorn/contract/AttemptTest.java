package io.posthorn.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(ints = {0, 200, 204, 429, 502, 503, 504})
    void noAnswerHalfAnAnswerAndBusyReceiversShowLoss(int status) {
        assertThat(attempt(status, false).showsLoss()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 404, 410, 500, 501, 505})
    void otherFailuresDoNot(int status) {
        assertThat(attempt(status, false).showsLoss()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 299})
    void successDoesNot(int status) {
        assertThat(attempt(status, true).showsLoss()).isFalse();
    }

    private static Attempt attempt(int status, boolean succeeded) {
        long at = NOW.toEpochMilli();
        DeliveryKey key = new DeliveryKey(ApplicationId.at(at), EndpointId.at(at), MessageId.at(at));
        return new Attempt(
                AttemptId.at(at),
                key,
                1,
                Trigger.SCHEDULED,
                "https://example.com/",
                NOW,
                Duration.ofMillis(5),
                status,
                "",
                succeeded);
    }
}
