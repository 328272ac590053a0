package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.Books;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Sending;
import io.posthorn.contract.Trigger;
import io.posthorn.contract.WaitCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final DeliveryKey KEY = new DeliveryKey(ApplicationId.at(0), EndpointId.at(0), MessageId.at(0));
    private static final Endpoint ENDPOINT = new Endpoint(
            KEY.endpoint(),
            KEY.application(),
            null,
            "https://example.com",
            "",
            null,
            false,
            null,
            null,
            Map.of(),
            Map.of(),
            List.of(),
            Sending.AS_CONFIGURED,
            null,
            NOW,
            NOW,
            1);
    private static final DeliveryFacts.Place HEAD = new DeliveryFacts.Place(false, Trigger.SCHEDULED, 0);
    private static final RetryPolicy ONE_RETRY = new RetryPolicy(List.of(Duration.ofSeconds(5)), 0);

    static DeliveryFacts waiting(
            DeliveryKey key, WaitCause cause, @Nullable Instant until, Instant due, DeliveryFacts.Place place) {
        boolean full = cause == WaitCause.CONCURRENCY_FULL;
        return new DeliveryFacts(
                NOW,
                new Delivery(key, DeliveryState.WAITING, 0, due, NOW),
                new QueueState(new Books(9, 1, 1, 1, 3, 3), due, cause, until, full ? 3 : 8, null),
                place,
                null);
    }

    private static String next(WaitCause cause, @Nullable Instant until, Instant due, DeliveryFacts.Place place) {
        return explain(waiting(KEY, cause, until, due, place)).next();
    }

    private static Explanation explain(DeliveryFacts facts, Attempt... attempts) {
        return new Explanation(facts, ENDPOINT, ONE_RETRY, List.of(attempts));
    }

    private static Explanation ended(DeliveryState state, int made, Attempt... attempts) {
        return explain(
                new DeliveryFacts(
                        NOW,
                        new Delivery(KEY, state, made, null, NOW),
                        new QueueState(Books.EMPTY, null, WaitCause.READY, null, 8, null),
                        null,
                        null),
                attempts);
    }

    private static Attempt attempt(int number, int status, Trigger trigger) {
        return new Attempt(
                AttemptId.at(0), KEY, number, trigger, "", NOW, Duration.ZERO, status, "", status / 100 == 2);
    }

    @Test
    void everyCauseOfWaitingSaysWhatIsNext() {
        String fails = " If it fails, the next follows about 5 s later.";
        assertThat(next(WaitCause.READY, null, NOW, HEAD))
                .isEqualTo("Attempt 1 is made with one of the next claims." + fails);
        assertThat(next(WaitCause.DUE_LATER, LATER, LATER, HEAD))
                .isEqualTo("Attempt 1 is made at 2030-01-01T00:01:00Z." + fails);
        assertThat(next(WaitCause.RATE_LIMITED, LATER, NOW, HEAD))
                .isEqualTo("The endpoint is at its rate limit until 2030-01-01T00:01:00Z; then attempt 1 is made."
                        + fails);
        assertThat(next(WaitCause.CIRCUIT_OPEN, LATER, NOW, HEAD))
                .isEqualTo("The circuit of the endpoint is open until 2030-01-01T00:01:00Z; then attempt 1 is made,"
                        + " as soon as the circuit lets it through." + fails);
        assertThat(next(WaitCause.RECEIVER_BUSY, LATER, NOW, HEAD))
                .isEqualTo("The receiver asked for a pause or was overloaded, and gets nothing until"
                        + " 2030-01-01T00:01:00Z; then attempt 1 is made." + fails);
        assertThat(next(WaitCause.ENDPOINT_DISABLED, null, LATER, HEAD))
                .isEqualTo("Nothing while the endpoint is disabled; once it is enabled, attempt 1 is made, not before"
                        + " 2030-01-01T00:01:00Z." + fails);
        assertThat(next(WaitCause.CONCURRENCY_FULL, null, NOW, HEAD))
                .isEqualTo("As many attempts as may be are in flight to the endpoint (3 of 3); when one of them ends,"
                        + " attempt 1 is made." + fails);
        assertThat(next(WaitCause.CONCURRENCY_FULL, LATER, NOW, HEAD))
                .isEqualTo("Slow endpoints hold their share of the node until 2030-01-01T00:01:00Z; then attempt 1 is"
                        + " made." + fails);
    }

    @Test
    void whatStandsBeforeItIsSaid() {
        assertThat(next(WaitCause.READY, null, NOW, HEAD.behind(1))).contains("is made, behind 1 other with");
        assertThat(next(WaitCause.READY, null, NOW, HEAD.behind(1_000))).contains(", behind 1000 others with");
        assertThat(next(WaitCause.READY, null, NOW, HEAD.behind(5_000_000_000L)))
                .contains(", behind more than 1000 others with");
    }

    @Test
    void oneInFlightNamesItsNode() {
        DeliveryFacts facts = new DeliveryFacts(
                NOW,
                new Delivery(KEY, DeliveryState.IN_FLIGHT, 1, NOW, NOW),
                new QueueState(Books.EMPTY, null, WaitCause.IN_FLIGHT, null, 8, null),
                HEAD,
                new DeliveryFacts.Hold(new NodeId("n1"), NOW, LATER));

        assertThat(explain(facts).next())
                .isEqualTo("Attempt 2 is under way at node n1 since 2030-01-01T00:00:00Z; if nothing is heard of it"
                        + " until 2030-01-01T00:01:00Z, it is made again. If it fails, the delivery ends: the retry"
                        + " policy allows no more.");
    }

    @Test
    void oneAskedForByHandIsNotRepeated() {
        assertThat(next(WaitCause.READY, null, NOW, new DeliveryFacts.Place(false, Trigger.MANUAL, 0)))
                .endsWith("If it fails, the delivery ends: it was asked for by hand.");
    }

    @Test
    void deletedEndpointEndsWhatWaits() {
        DeliveryFacts facts = waiting(KEY, WaitCause.ENDPOINT_DISABLED, null, NOW, HEAD);

        assertThat(new Explanation(facts, null, ONE_RETRY, List.of()).next())
                .isEqualTo("The next sweep withdraws it: its endpoint is deleted.");
    }

    @Test
    void everyEndSaysWhy() {
        assertThat(ended(DeliveryState.SUCCEEDED, 1, attempt(1, 204, Trigger.SCHEDULED))
                        .whyEnded())
                .isEqualTo("The receiver answered 204 to attempt 1.");
        assertThat(ended(DeliveryState.SUCCEEDED, 3).whyEnded())
                .isEqualTo("The receiver accepted attempt 3, whose record is no longer kept.");
        assertThat(ended(DeliveryState.FAILED, 2, attempt(2, 500, Trigger.SCHEDULED))
                        .whyEnded())
                .isEqualTo("Attempt 2 failed (status 500), and the retry policy allowed no more.");
        assertThat(ended(DeliveryState.FAILED, 2, attempt(2, 0, Trigger.MANUAL)).whyEnded())
                .isEqualTo("Attempt 2 failed (no response); one that was asked for by hand is not repeated.");
        assertThat(ended(DeliveryState.FAILED, 1, attempt(1, 410, Trigger.SCHEDULED))
                        .whyEnded())
                .isEqualTo("Attempt 1 failed (status 410): the receiver is gone, which ends the delivery and disables"
                        + " the endpoint.");
        assertThat(ended(DeliveryState.FAILED, 7).whyEnded())
                .isEqualTo("The last of 7 attempts failed; their records are no longer kept.");
        assertThat(ended(DeliveryState.CANCELLED, 0).whyEnded())
                .isEqualTo("It was withdrawn: its endpoint or application was deleted, its payload was removed, or it"
                        + " was cancelled by hand. The store does not keep which.");
        assertThat(ended(DeliveryState.SUCCEEDED, 1).next()).isEqualTo("Nothing: it is delivered.");
        assertThat(ended(DeliveryState.FAILED, 1).next()).isEqualTo("Nothing, unless somebody resends it.");
    }
}
