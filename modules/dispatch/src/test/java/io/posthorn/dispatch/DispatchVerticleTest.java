package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.config.EgressConfig;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Settlement.Verdict;
import io.posthorn.contract.WaitCause;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ScriptedNameServer;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SelfSignedCertificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DispatchVerticleTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private StubNeighbours neighbours;
    private Bus bus;
    private String deployment;
    private String operational;

    @BeforeEach
    void startNeighbours() {
        bus = new Bus(vertx);
        neighbours = Futures.resultOf(StubNeighbours.start(vertx, bus));
    }

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void deliversSignedToTheEndpoint() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(OK));
        deploy(loopbackOpen(null));

        // When
        neighbours.add(Samples.delivery(Samples.endpoint(receiver.url("http", "127.0.0.1"))));

        // Then
        Attempt attempt = settled(1).attempt();
        assertThat(attempt.succeeded()).isTrue();
        assertThat(attempt.statusCode()).isEqualTo(200);
        assertThat(attempt.response()).isEqualTo("ok");
        assertThat(receiver.requests.get(0).toLowerCase(java.util.Locale.ROOT))
                .startsWith("post /hook?a=1 http/1.1")
                .contains("webhook-id: msg_", "webhook-signature: v1,", "webhook-timestamp: ", "x-own: yes")
                .contains("content-type: application/json", "user-agent: posthorn", "host: 127.0.0.1")
                .doesNotContain("forged", "accept-encoding");
        assertThat(registry.get("posthorn.attempts")
                        .tag("result", "succeeded")
                        .counter()
                        .count())
                .isEqualTo(1);
        await().until(() -> registry.get("posthorn.dispatch.in.flight").gauge().value() == 0);
    }

    @Test
    void retriesAfter503UntilItSucceeds() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(number <= 3 ? status("503 Busy", "") : OK));
        deploy(loopbackOpen(null));

        // When
        neighbours.add(Samples.delivery(Samples.endpoint(receiver.url("http", "127.0.0.1"))));

        // Then
        assertThat(settled(4).verdict()).isEqualTo(new Verdict.Succeeded());
        assertThat(neighbours.settled.stream().map(s -> s.attempt().number())).containsExactly(1, 2, 3, 4);
        assertThat(neighbours.settled.stream().map(s -> s.attempt().statusCode()))
                .containsExactly(503, 503, 503, 200);
        assertThat(neighbours.controls).isNotEmpty().allMatch(c -> c instanceof QueueControl.Park);
        assertThat(receiver.connections).hasValue(1);
    }

    @Test
    void parksTheQueueForRetryAfter() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(status("503 Busy", "Retry-After: 60\r\n")));
        deploy(loopbackOpen(null));

        // When
        neighbours.add(Samples.delivery(Samples.endpoint(receiver.url("http", "127.0.0.1"))));

        // Then
        Instant soon = Instant.now().plusSeconds(50);
        assertThat(((Verdict.Retry) settled(1).verdict()).at()).isAfter(soon);
        await().until(() -> !neighbours.controls.isEmpty());
        QueueControl.Park park = (QueueControl.Park) neighbours.controls.get(0);
        assertThat(park.until()).isAfter(soon);
        assertThat(park.cause()).isEqualTo(WaitCause.RECEIVER_BUSY);
    }

    @Test
    void disablesAnEndpointThatIsGoneEvenWhenItWasChangedMeanwhile() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(status("410 Gone", "")));
        neighbours.staleSaves = 2;
        deploy(loopbackOpen(null));

        // When
        neighbours.add(Samples.delivery(Samples.endpoint(receiver.url("http", "127.0.0.1"))));

        // Then
        assertThat(settled(1).verdict()).isEqualTo(new Verdict.Exhausted());
        await().until(() -> !neighbours.saved.isEmpty());
        assertThat(neighbours.saved.get(0).disabled()).isTrue();
    }

    @Test
    void neverFollowsARedirect() {
        // Given
        RawReceiver elsewhere = receiver((number, socket) -> socket.write(OK));
        RawReceiver receiver = receiver((number, socket) ->
                socket.write(status("301 Moved", "Location: " + elsewhere.url("http", "127.0.0.1") + "\r\n")));
        deploy(loopbackOpen(null));

        // When
        neighbours.add(once(receiver.url("http", "127.0.0.1")));

        // Then
        assertThat(settled(1).attempt().statusCode()).isEqualTo(301);
        assertThat(settled(1).verdict()).isEqualTo(new Verdict.Exhausted());
        assertThat(elsewhere.connections).hasValue(0);
        await().until(() -> !neighbours.saved.isEmpty());
        assertThat(neighbours.saved.get(0).failingSince()).isNotNull();
    }

    @Test
    void clearsTheMarkOfFailureAndDisablesAfterTooLong() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(number == 1 ? OK : status("500 Broken", "")));
        String url = receiver.url("http", "127.0.0.1");
        deploy(loopbackOpen(null));

        // When
        neighbours.add(
                Samples.delivery(Samples.endpoint(url, null, null, Instant.now().minusSeconds(60), Samples.HMAC_KEY)));
        await().until(() -> neighbours.saved.size() == 1);
        neighbours.add(Samples.delivery(Samples.endpoint(
                url, null, new RetryPolicy(List.of(), 0), Instant.now().minus(Duration.ofDays(6)), Samples.HMAC_KEY)));
        await().until(() -> neighbours.saved.size() == 2);

        // Then
        assertThat(neighbours.saved.get(0).failingSince()).isNull();
        assertThat(neighbours.saved.get(1).disabled()).isTrue();
    }

    @Test
    void givesUpOnAReceiverThatNeverAnswersOrDripsPastTheDeadline() {
        // Given
        RawReceiver silent = receiver((number, socket) -> {});
        RawReceiver dripping = receiver((number, socket) -> {
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            vertx.setPeriodic(50, timer -> socket.write("x"));
        });
        deploy(loopbackOpen(null), Duration.ofMillis(600), Duration.ofSeconds(1));

        // When
        neighbours.add(once(silent.url("http", "127.0.0.1")));
        neighbours.add(once(dripping.url("http", "127.0.0.1")));

        // Then
        Settlement last = settled(2);
        assertThat(last.attempt().duration()).isLessThan(Duration.ofSeconds(3));
        assertThat(neighbours.settled)
                .allMatch(s -> s.attempt().response().startsWith("timeout after")
                        && !s.attempt().succeeded());
        await().until(() -> silent.closed.get() == 1 && dripping.closed.get() == 1);
        assertThat(registry.get("posthorn.attempts")
                        .tag("result", "timeout")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void attemptEndsWhenTheTimeIsOverThatItsEndpointGivesIt() {
        // Given
        RawReceiver silent = receiver((number, socket) -> {});
        deploy(loopbackOpen(null));
        Endpoint endpoint = Samples.endpoint(
                silent.url("http", "127.0.0.1"), null, new RetryPolicy(List.of(), 0), null, Samples.HMAC_KEY);

        // When
        neighbours.add(Samples.delivery(
                endpoint.withSending(endpoint.sending().withTimeout(Duration.ofMillis(300)), Instant.now())));

        // Then
        Attempt attempt = settled(1).attempt();
        assertThat(attempt.response()).isEqualTo("timeout after 300 ms");
        assertThat(attempt.duration()).isBetween(Duration.ofMillis(290), Duration.ofSeconds(5));
        await().until(() -> silent.closed.get() == 1);
    }

    @Test
    void noEndpointHasMoreTimeThanTheNodeGives() {
        // Given
        RawReceiver silent = receiver((number, socket) -> {});
        deploy(loopbackOpen(null), Duration.ofMillis(400), Duration.ofSeconds(1));
        Endpoint endpoint = Samples.endpoint(
                silent.url("http", "127.0.0.1"), null, new RetryPolicy(List.of(), 0), null, Samples.HMAC_KEY);

        // When
        neighbours.add(Samples.delivery(
                endpoint.withSending(endpoint.sending().withTimeout(Duration.ofMinutes(5)), Instant.now())));

        // Then
        assertThat(settled(1).attempt().response()).isEqualTo("timeout after 400 ms");
    }

    @Test
    void tellsTheOperationalApplicationOfWhatFailsAndRecoversBeforeItIsSettled() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(number <= 4 ? status("500 Broken", "") : OK));
        operational = "operator";
        deploy(loopbackOpen(null));

        // When
        neighbours.add(Samples.delivery(Samples.endpoint(receiver.url("http", "127.0.0.1"))));

        // Then
        assertThat(settled(5).verdict()).isEqualTo(new Verdict.Succeeded());
        assertThat(neighbours.appended)
                .extracting(NewMessage::eventType)
                .containsExactly("message.attempt.failing", "message.attempt.recovered");
        assertThat(neighbours.settledAtAppend).containsExactly(3, 4);
    }

    @Test
    void tellsOnceThatAnEndpointIsDisabledBeforeItIs() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(status("410 Gone", "")));
        operational = "operator";
        neighbours.staleSaves = 2;
        deploy(loopbackOpen(null));

        // When
        neighbours.add(Samples.delivery(Samples.endpoint(receiver.url("http", "127.0.0.1"))));

        // Then
        await().until(() -> neighbours.saved.stream().anyMatch(Endpoint::disabled));
        List<NewMessage> disabling = neighbours.appended.stream()
                .filter(message -> message.eventType().equals("endpoint.disabled"))
                .toList();
        assertThat(disabling).hasSize(3);
        assertThat(disabling.stream().map(NewMessage::eventId).distinct()).hasSize(1);
        assertThat(neighbours.savedAtFirstDisabling).isZero();
        await().until(() -> neighbours.settled.size() == 1);
        assertThat(neighbours.appended).extracting(NewMessage::eventType).contains("message.attempt.exhausted");
    }

    @Test
    void cutsAnEndlessBodyAndKeepsTheStatus() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> {
            socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            vertx.setPeriodic(1, timer -> socket.write("200\r\n" + "y".repeat(512) + "\r\n"));
        });
        deploy(loopbackOpen(null));

        // When
        neighbours.add(once(receiver.url("http", "127.0.0.1")));

        // Then
        Attempt attempt = settled(1).attempt();
        assertThat(attempt.succeeded()).isTrue();
        assertThat(attempt.response()).isEqualTo("y".repeat(1024));
        await().until(() -> receiver.closed.get() == 1);
    }

    @Test
    void failsWhenTheConnectionClosesWithinTheAnswer() {
        // Given
        RawReceiver receiver =
                receiver((number, socket) -> socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
                        .onComplete(written -> socket.close()));
        deploy(loopbackOpen(null));

        // When
        neighbours.add(once(receiver.url("http", "127.0.0.1")));

        // Then
        Attempt attempt = settled(1).attempt();
        assertThat(attempt.succeeded()).isFalse();
        assertThat(attempt.response()).isEqualTo("connection closed before the end of the answer");
    }

    @Test
    void refusesACertificateThatNobodyVouchesFor() {
        // Given
        RawReceiver receiver = Futures.resultOf(RawReceiver.start(
                vertx,
                new NetServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                                SelfSignedCertificate.create("localhost").keyCertOptions()),
                (number, socket) -> socket.write(OK)));
        deploy(loopbackOpen(null));

        // When
        neighbours.add(once(receiver.url("https", "127.0.0.1")));

        // Then
        assertThat(settled(1).attempt().response())
                .isEqualTo("TLS handshake failed: the certificate is signed by nobody who is trusted");
        assertThat(receiver.requests).isEmpty();
    }

    @Test
    void saysThatAConnectionWasRefused() {
        // Given
        deploy(loopbackOpen(null));

        // When
        neighbours.add(once("http://127.0.0.1:1099/"));

        // Then
        assertThat(settled(1).attempt().response()).isEqualTo("connection refused");
        assertThat(settled(1).attempt().statusCode()).isZero();
    }

    @Test
    void neverDialsAPrivateAddressOrName() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(OK));
        deploy(EgressConfig.defaults());

        // When
        neighbours.add(once(receiver.url("http", "127.0.0.1")));
        neighbours.add(once(receiver.url("http", "[::ffff:7f00:1]")));
        neighbours.add(once(receiver.url("http", "localhost")));
        neighbours.add(once(receiver.url("http", "127.1")));

        // Then
        assertThat(settled(4)).isNotNull();
        assertThat(neighbours.settled)
                .allMatch(s -> s.attempt().response().equals("target address is not allowed")
                        && s.attempt().statusCode() == 0);
        assertThat(receiver.connections).hasValue(0);
    }

    @Test
    void deniesANameWithOnePrivateAnswerAmongPublicOnes() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(OK));
        ScriptedNameServer names = Futures.resultOf(ScriptedNameServer.start(vertx));
        names.name("mixed.example.com", "8.8.8.8", "127.0.0.1");
        deploy(Samples.egress(List.of(), names.address()));

        // When
        neighbours.add(once(receiver.url("http", "mixed.example.com")));

        // Then
        assertThat(settled(1).attempt().response()).isEqualTo("target address is not allowed");
        assertThat(names.asked()).isPositive();
        assertThat(receiver.connections).hasValue(0);
    }

    @Test
    void connectsToTheCheckedAddressAndFallsBackToTheNext() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(OK));
        ScriptedNameServer names = Futures.resultOf(ScriptedNameServer.start(vertx));
        names.name("receiver.example.com", "127.0.0.2", "127.0.0.1");
        deploy(loopbackOpen(names.address()));

        // When
        neighbours.add(once(receiver.url("http", "receiver.example.com")));

        // Then
        assertThat(settled(1).attempt().succeeded()).isTrue();
        assertThat(receiver.requests.get(0)).containsIgnoringCase("host: receiver.example.com");
    }

    @Test
    void defersWhatTheRateLimiterDenies() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(OK));
        Instant next = Instant.now();
        neighbours.grant = new PermitGrant(0, next, 3);
        deploy(loopbackOpen(null));

        // When
        neighbours.add(
                Samples.delivery(Samples.endpoint(receiver.url("http", "127.0.0.1"), 5, null, null, Samples.HMAC_KEY)));

        // Then
        Settlement settlement = settled(1);
        assertThat(settlement.verdict()).isEqualTo(new Verdict.Deferred(next, WaitCause.RATE_LIMITED));
        assertThat(settlement.attempt()).isNull();
        assertThat(receiver.connections).hasValue(0);
    }

    @Test
    void leavesAReceiverAloneThatHasNoQuotaLeft() {
        // Given
        RawReceiver receiver = receiver((number, socket) ->
                socket.write("HTTP/1.1 200 OK\r\nRateLimit: \"default\";r=0;t=30\r\nContent-Length: 0\r\n\r\n"));
        deploy(loopbackOpen(null));

        // When
        neighbours.add(once(receiver.url("http", "127.0.0.1")));

        // Then
        assertThat(settled(1).verdict()).isEqualTo(new Verdict.Succeeded());
        await().until(() -> !neighbours.controls.isEmpty());
        QueueControl.Park park = (QueueControl.Park) neighbours.controls.get(0);
        assertThat(park.cause()).isEqualTo(WaitCause.RECEIVER_BUSY);
        assertThat(park.until())
                .isBetween(Instant.now().plusSeconds(20), Instant.now().plusSeconds(31));
    }

    @Test
    void storesAResultWhenTheStoreIsBack() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> socket.write(OK));
        neighbours.settleFailures = 3;
        deploy(loopbackOpen(null));

        // When
        neighbours.add(once(receiver.url("http", "127.0.0.1")));

        // Then
        assertThat(settled(1).verdict()).isEqualTo(new Verdict.Succeeded());
        assertThat(receiver.requests).hasSize(1);
    }

    @Test
    void finishesWhatIsInFlightAndHandsBackTheRestWhenStopped() {
        // Given
        RawReceiver silent = receiver((number, socket) -> {});
        RawReceiver slow = receiver((number, socket) -> vertx.setTimer(150, timer -> socket.write(OK)));
        deploy(loopbackOpen(null), Duration.ofSeconds(20), Duration.ofMillis(1200));
        neighbours.add(once(silent.url("http", "127.0.0.1")));
        neighbours.add(once(slow.url("http", "127.0.0.1")));
        await().until(() -> silent.requests.size() == 1 && slow.requests.size() == 1);

        // When
        Futures.resultOf(vertx.undeploy(deployment));

        // Then
        assertThat(neighbours.settled).hasSize(2);
        assertThat(neighbours.settled.get(0).verdict()).isEqualTo(new Verdict.Succeeded());
        assertThat(neighbours.settled.get(1).verdict())
                .isInstanceOfSatisfying(
                        Verdict.Deferred.class,
                        deferred -> assertThat(deferred.cause()).isEqualTo(WaitCause.READY));
        await().until(() -> silent.closed.get() == 1);
    }

    private Settlement settled(int count) {
        await().until(() -> neighbours.settled.size() >= count);
        return neighbours.settled.get(count - 1);
    }

    private static io.posthorn.contract.ClaimedDelivery once(String url) {
        return Samples.delivery(Samples.endpoint(url, null, new RetryPolicy(List.of(), 0), null, Samples.HMAC_KEY));
    }

    private RawReceiver receiver(BiConsumer<Integer, NetSocket> script) {
        return Futures.resultOf(RawReceiver.start(vertx, new NetServerOptions(), script));
    }

    private static String status(String status, String headers) {
        return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n";
    }

    private static EgressConfig loopbackOpen(String dnsServer) {
        return Samples.egress(List.of("127.0.0.0/8"), dnsServer);
    }

    private void deploy(EgressConfig egress) {
        deploy(egress, TIMEOUT, Duration.ofSeconds(1));
    }

    private void deploy(EgressConfig egress, Duration timeout, Duration drain) {
        Duration pause = Duration.ofMillis(30);
        deployment = Futures.resultOf(vertx.deployVerticle(new DispatchVerticle(
                Samples.settings(
                        Samples.config(timeout, drain, operational),
                        Samples.retries(pause, pause, pause, pause),
                        egress),
                bus,
                new NodeId("node-1"),
                InstantSource.system(),
                registry)));
    }
}
