package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.config.EgressConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.Batches;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Settlement.Verdict;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.Trigger;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperationalEventsTest {
    private static final Duration NODE_TIMEOUT = Duration.ofSeconds(1);
    private static final Verdict SUCCEEDED = new Verdict.Succeeded();
    private static final Verdict EXHAUSTED = new Verdict.Exhausted();
    private static final Verdict RETRY = new Verdict.Retry(Samples.NOW.plusSeconds(5));
    private static final Circuit OPEN = Circuit.opened(null, 1, Samples.NOW, Samples.NOW.plusSeconds(30), "status 500");

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final ManualClock clock = new ManualClock(Samples.NOW);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<String, Application> applications = new ConcurrentHashMap<>();
    private final List<NewMessage> appended = new CopyOnWriteArrayList<>();
    private final AtomicInteger appendFailures = new AtomicInteger();
    private final AtomicInteger lookups = new AtomicInteger();
    private final Endpoint endpoint = Samples.endpoint("https://receiver.example.com/hooks");
    private final ClaimedDelivery first = Samples.delivery(endpoint);
    private final AttemptId attemptId = AttemptId.at(Samples.NOW.toEpochMilli());
    private OperationalEvents events;

    @BeforeEach
    void serveStorage() {
        ApplicationId operational = ApplicationId.at(Samples.NOW.plusSeconds(60).toEpochMilli());
        applications.put("operator", application(operational, "operator"));
        applications.put(Samples.APP.value(), application(Samples.APP, "shop"));
        Object found = Futures.resultOf(bus.serve(Addresses.FIND, (request, deadline) -> {
            lookups.incrementAndGet();
            Application known = applications.get(((StorageQuery.Find.OneApplication) request).reference());
            return known == null
                    ? Future.failedFuture(new PosthornException(ErrorCode.NOT_FOUND, "Entity not found"))
                    : Future.succeededFuture(new StorageQuery.Found(known));
        }));
        Object stored = Futures.resultOf(bus.serve(Addresses.APPEND, (request, deadline) -> append(request)));
        assertThat(List.of(found, stored)).doesNotContainNull();
        events = events("operator");
    }

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void fourthFailureIsToldWhereAnotherAttemptFollows() {
        // When
        tell(delivery(3), RETRY, 500, null);
        tell(delivery(4), RETRY, 500, null);
        tell(delivery(5), RETRY, 500, null);

        // Then
        NewMessage told = only();
        assertThat(told.eventType()).isEqualTo("message.attempt.failing");
        assertThat(told.eventId()).isEqualTo(delivery(4).key().message() + "." + endpoint.id() + ".failing.4");
        assertThat(told.application()).isEqualTo("operator");
        assertThat(told.organization()).isEqualTo(OrganizationId.DEFAULT);
        assertThat(told.retention()).isEqualTo(Duration.ofDays(1));
        JsonObject body = new JsonObject(told.payload());
        assertThat(body.getString("type")).isEqualTo("message.attempt.failing");
        assertThat(body.getJsonObject("data"))
                .isEqualTo(new JsonObject()
                        .put("appId", Samples.APP.value())
                        .put("appUid", "shop")
                        .put("endpointId", endpoint.id().value())
                        .put("endpointUid", null)
                        .put("msgId", delivery(4).key().message().value())
                        .put("msgEventId", null)
                        .put(
                                "lastAttempt",
                                new JsonObject()
                                        .put(
                                                "id",
                                                attempt(delivery(4), 500).id().value())
                                        .put("responseStatusCode", 500)
                                        .put("timestamp", Samples.NOW.toString())));
    }

    @Test
    void successAfterThatIsToldAndNoOther() {
        // When
        for (int number = 1; number <= 4; number++) {
            tell(delivery(number), SUCCEEDED, 200, null);
        }
        tell(delivery(5), SUCCEEDED, 200, null);

        // Then
        assertThat(only().eventType()).isEqualTo("message.attempt.recovered");
        assertThat(only().eventId()).endsWith(".recovered.5");
    }

    @Test
    void endOfTheAttemptsIsToldWhicheverWasTheLast() {
        // When
        tell(delivery(1), EXHAUSTED, 404, null);
        tell(delivery(4), EXHAUSTED, 0, null);

        // Then
        assertThat(appended)
                .extracting(NewMessage::eventType)
                .containsOnly("message.attempt.exhausted")
                .hasSize(2);
        assertThat(appended)
                .extracting(NewMessage::eventId)
                .allMatch(eventId -> eventId.matches("[a-zA-Z0-9._-]{1,256}"))
                .doesNotHaveDuplicates();
        assertThat(new JsonObject(appended.get(1).payload())
                        .getJsonObject("data")
                        .getJsonObject("lastAttempt")
                        .getInteger("responseStatusCode"))
                .isZero();
    }

    @Test
    void circuitIsToldWhenItsStateChangesAndNotWhenItStaysOpenForLonger() {
        // Given
        Circuit longer = Circuit.opened(OPEN, 2, Samples.NOW, Samples.NOW.plusSeconds(60), "status 500");
        Circuit closed = Circuit.closed(longer, Samples.NOW, "a probe succeeded: status 200");

        // When
        tell(delivery(1), RETRY, 500, OPEN);
        tell(delivery(1, OPEN), RETRY, 500, longer);
        tell(delivery(1, longer), SUCCEEDED, 200, closed);

        // Then
        assertThat(appended)
                .extracting(NewMessage::eventType)
                .containsExactly("endpoint.circuit.opened", "endpoint.circuit.closed");
        assertThat(appended)
                .extracting(NewMessage::eventId)
                .containsExactly(endpoint.id() + ".circuit.1.opened", endpoint.id() + ".circuit.3.closed");
        assertThat(new JsonObject(appended.get(0).payload()).getJsonObject("data"))
                .isEqualTo(new JsonObject()
                        .put("appId", Samples.APP.value())
                        .put("appUid", "shop")
                        .put("endpointId", endpoint.id().value())
                        .put("endpointUid", null)
                        .put("reason", "status 500")
                        .put("since", Samples.NOW.toString())
                        .put("openings", 1)
                        .put("nextProbeAt", Samples.NOW.plusSeconds(30).toString()));
        assertThat(new JsonObject(appended.get(1).payload())
                        .getJsonObject("data")
                        .getValue("nextProbeAt"))
                .isNull();
    }

    @Test
    void disablingIsToldUnderANameThatMarksOfFailureDoNotChange() {
        // Given
        Instant since = Samples.NOW.minusSeconds(3600);
        Endpoint failing = endpoint.withFailingSince(since).withVersion(9);
        Endpoint enabledAgain = failing.withDisabled(false, Samples.NOW.plusSeconds(60));

        // When
        Futures.resultOf(events.tellDisabling(endpoint, Samples.NOW));
        Futures.resultOf(events.tellDisabling(failing, Samples.NOW));
        Futures.resultOf(events.tellDisabling(enabledAgain, Samples.NOW));

        // Then
        assertThat(appended).extracting(NewMessage::eventType).containsOnly("endpoint.disabled");
        assertThat(appended.get(1).eventId()).isEqualTo(appended.get(0).eventId());
        assertThat(appended.get(2).eventId()).isNotEqualTo(appended.get(0).eventId());
        JsonObject data = new JsonObject(appended.get(1).payload()).getJsonObject("data");
        assertThat(data.getString("failSince")).isEqualTo(since.toString());
        assertThat(data.getString("trigger")).isEqualTo("automatic");
        assertThat(data.getString("endpointId")).isEqualTo(endpoint.id().value());
        assertThat(new JsonObject(appended.get(0).payload())
                        .getJsonObject("data")
                        .getString("failSince"))
                .isEqualTo(Samples.NOW.toString());
    }

    @Test
    void nothingIsToldWhereNoApplicationIsSet() {
        // Given
        OperationalEvents none = events(null);

        // When
        boolean nothing = none.isNothing(delivery(4), EXHAUSTED, OPEN);
        Futures.resultOf(none.tell(delivery(4), EXHAUSTED, attempt(delivery(4), 500), OPEN));
        Futures.resultOf(none.tellDisabling(endpoint, Samples.NOW));

        // Then
        assertThat(nothing).isTrue();
        assertThat(appended).isEmpty();
        assertThat(lookups).hasValue(0);
    }

    @Test
    void successesAndOrdinaryFailuresAreNotLookedInto() {
        assertThat(events.isNothing(delivery(1), SUCCEEDED, null)).isTrue();
        assertThat(events.isNothing(delivery(4), SUCCEEDED, null)).isTrue();
        assertThat(events.isNothing(delivery(5), SUCCEEDED, null)).isFalse();
        assertThat(events.isNothing(delivery(3), RETRY, null)).isTrue();
        assertThat(events.isNothing(delivery(4), RETRY, null)).isFalse();
        assertThat(events.isNothing(delivery(1), EXHAUSTED, null)).isFalse();
        assertThat(events.isNothing(delivery(1), SUCCEEDED, OPEN)).isFalse();
    }

    @Test
    void nothingIsToldOfTheOperationalApplicationItself() {
        // Given
        applications.put("operator", application(Samples.APP, "operator"));

        // When
        tell(delivery(4), EXHAUSTED, 500, OPEN);
        Futures.resultOf(events.tellDisabling(endpoint, Samples.NOW));

        // Then
        assertThat(appended).isEmpty();
        assertThat(lost()).isZero();
    }

    @Test
    void applicationThatIsNotOfTheDefaultOrganisationIsToldWithoutItsUid() {
        // Given
        applications.remove(Samples.APP.value());

        // When
        tell(delivery(1), EXHAUSTED, 500, null);

        // Then
        JsonObject data = new JsonObject(only().payload()).getJsonObject("data");
        assertThat(data.containsKey("appUid")).isTrue();
        assertThat(data.getValue("appUid")).isNull();
    }

    @Test
    void applicationsAreLookedUpOnce() {
        tell(delivery(1), EXHAUSTED, 500, null);
        tell(delivery(2), EXHAUSTED, 500, null);

        assertThat(appended).hasSize(2);
        assertThat(lookups).hasValue(2);
    }

    @Test
    void storeThatIsAwayForAMomentIsAskedAgain() {
        // Given
        appendFailures.set(3);

        // When
        tell(delivery(1), EXHAUSTED, 500, null);

        // Then
        assertThat(appended).hasSize(1);
        assertThat(lost()).isZero();
    }

    @Test
    void whatCannotBeStoredIsCountedAndHoldsNothingUpForLong() {
        // Given
        appendFailures.set(Integer.MAX_VALUE);
        long begun = System.nanoTime();

        // When
        Future<Void> told = events.tell(delivery(4), EXHAUSTED, attempt(delivery(4), 500), OPEN);

        // Then
        await().atMost(OperationalEvents.PATIENCE.plusSeconds(5)).until(told::isComplete);
        assertThat(told.succeeded()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(OperationalEvents.PATIENCE.plusSeconds(3));
        assertThat(lost()).isEqualTo(2);
    }

    @Test
    void operationalApplicationThatIsNotThereLosesAtOnceAndIsFoundWhenItIs() {
        // Given
        Application operator = applications.remove("operator");

        // When
        tell(delivery(1), EXHAUSTED, 500, null);
        applications.put("operator", operator);
        tell(delivery(2), EXHAUSTED, 500, null);

        // Then
        assertThat(lost()).isEqualTo(1);
        assertThat(only().eventId()).endsWith(".exhausted.2");
    }

    private double lost() {
        return registry.get("posthorn.operational.events.lost").counter().count();
    }

    private NewMessage only() {
        assertThat(appended).hasSize(1);
        return appended.get(0);
    }

    private void tell(ClaimedDelivery delivery, Verdict verdict, int status, Circuit circuit) {
        Futures.resultOf(events.tell(delivery, verdict, attempt(delivery, status), circuit));
    }

    private Future<Batches.AppendResults> append(Batches.Appends request) {
        if (appendFailures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return Future.failedFuture(new PosthornException(ErrorCode.STORE_UNAVAILABLE, "not now"));
        }
        appended.addAll(request.items());
        return Future.succeededFuture(new Batches.AppendResults(request.items().stream()
                .<AppendOutcome>map(message -> new AppendOutcome.EventIdTaken(String.valueOf(message.eventId())))
                .toList()));
    }

    private OperationalEvents events(String operational) {
        return new OperationalEvents(
                Samples.settings(
                        Samples.config(NODE_TIMEOUT, NODE_TIMEOUT, operational),
                        Samples.retries(),
                        EgressConfig.defaults()),
                Caffeine.newBuilder().build(),
                new Surroundings(
                        bus,
                        new VertxTimers(vertx, vertx.getOrCreateContext()),
                        clock,
                        new SplittableRandom(1),
                        new DispatchMetrics(registry)));
    }

    private static Application application(ApplicationId id, String uid) {
        return new Application(id, OrganizationId.DEFAULT, uid, "An app", null, Map.of(), Samples.NOW, Samples.NOW, 1);
    }

    private ClaimedDelivery delivery(int number) {
        return delivery(number, null);
    }

    private ClaimedDelivery delivery(int number, Circuit circuit) {
        return new ClaimedDelivery(
                first.key(),
                7,
                first.leaseUntil(),
                number,
                Trigger.SCHEDULED,
                first.message(),
                endpoint,
                circuit,
                null);
    }

    private Attempt attempt(ClaimedDelivery delivery, int status) {
        return new Attempt(
                attemptId,
                delivery.key(),
                delivery.attempt(),
                delivery.trigger(),
                endpoint.url(),
                Samples.NOW,
                Duration.ofMillis(20),
                status,
                "no",
                status == 200);
    }
}
