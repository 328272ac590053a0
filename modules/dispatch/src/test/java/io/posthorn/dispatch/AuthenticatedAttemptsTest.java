package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.config.DispatchConfig;
import io.posthorn.config.EgressConfig;
import io.posthorn.config.SourceHeader;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.EndpointAuth.ClientAuthentication;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Secret;
import io.posthorn.contract.Settlement;
import io.posthorn.testkit.Answer;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ReceivedRequest;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A receiver and a token endpoint on loopback, and how attempts show the one what they got from the other. */
class AuthenticatedAttemptsTest {
    private static final RetryPolicy ONCE = new RetryPolicy(List.of(), 0);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private StubNeighbours neighbours;
    private ScriptedReceiver receiver;
    private Bus bus;

    @BeforeEach
    void start() {
        bus = new Bus(vertx);
        neighbours = Futures.resultOf(StubNeighbours.start(vertx, bus));
        receiver = Futures.resultOf(ScriptedReceiver.start(vertx));
    }

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void sendsUserAndPasswordInsteadOfAHeaderThatIsLeftOver() {
        // Given
        deploy(Duration.ofSeconds(10));
        Endpoint endpoint = endpoint(new EndpointAuth.Basic("Aladdin", new Secret("open sesame")), ONCE);

        // When
        neighbours.add(Samples.delivery(withHeaders(endpoint, Map.of("Authorization", "Bearer old"))));

        // Then: the example of RFC 7617
        assertThat(settled(1).attempt().succeeded()).isTrue();
        assertThat(authorizations("/hook")).containsExactly(List.of("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    }

    @Test
    void sendsAStaticToken() {
        // Given
        deploy(Duration.ofSeconds(10));

        // When
        neighbours.add(Samples.delivery(endpoint(new EndpointAuth.Bearer(new Secret("abc")), ONCE)));

        // Then
        assertThat(settled(1).attempt().succeeded()).isTrue();
        assertThat(authorizations("/hook")).containsExactly(List.of("Bearer abc"));
    }

    @Test
    void anEndpointsOwnHeaderWithoutAuthenticationIsSentAsItIs() {
        // Given
        deploy(Duration.ofSeconds(10));

        // When
        neighbours.add(Samples.delivery(withHeaders(endpoint(null, ONCE), Map.of("Authorization", "Bearer own"))));

        // Then
        assertThat(settled(1).attempt().succeeded()).isTrue();
        assertThat(authorizations("/hook")).containsExactly(List.of("Bearer own"));
    }

    @Test
    void sendsTheHeadersOfTheNodeButThoseThatTheEndpointHasItself() {
        // Given
        deploy(
                Duration.ofSeconds(10),
                new SourceHeader("X-Source", new Secret("posthorn")),
                new SourceHeader("X-Tenant", new Secret("node")));

        // When
        neighbours.add(Samples.delivery(withHeaders(endpoint(null, ONCE), Map.of("x-tenant", "own"))));

        // Then
        assertThat(settled(1).attempt().succeeded()).isTrue();
        ReceivedRequest request = received("/hook").get(0);
        assertThat(request.headers().getAll("x-source")).containsExactly("posthorn");
        assertThat(request.headers().getAll("x-tenant")).containsExactly("own");
    }

    @Test
    void asksOnceForATokenThatManyAttemptsNeed() {
        // Given
        deploy(Duration.ofSeconds(10));
        receiver.answer("/token", token("t-1", 3600, Duration.ofMillis(300)));
        Endpoint endpoint = endpoint(oauth2(receiver.url("/token")), ONCE);

        // When
        for (int i = 0; i < 20; i++) {
            neighbours.add(Samples.delivery(endpoint));
        }
        assertThat(settled(20)).isNotNull();
        neighbours.add(Samples.delivery(endpoint));

        // Then
        assertThat(settled(21).attempt().succeeded()).isTrue();
        assertThat(authorizations("/hook")).hasSize(21).containsOnly(List.of("Bearer t-1"));
        ReceivedRequest asked = received("/token").get(0);
        assertThat(received("/token")).hasSize(1);
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.body()).hasToString("grant_type=client_credentials&scope=a+b");
        assertThat(asked.headers().get("content-type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(asked.headers().get("authorization")).isEqualTo("Basic Y2xpZW50OnNlY3JldA==");
        assertThat(asked.headers().names())
                .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("webhook-"));
        assertThat(tokenRequests("succeeded")).isEqualTo(1);
    }

    @Test
    void aTokenThatTheReceiverRefusesIsReplacedForTheNextAttempt() {
        // Given
        deploy(Duration.ofSeconds(10));
        receiver.answer("/token", token("t-1", 3600, Duration.ZERO), token("t-2", 3600, Duration.ZERO));
        receiver.answer("/hook", Answer.status(401));

        // When
        neighbours.add(Samples.delivery(endpoint(oauth2(receiver.url("/token")), null)));

        // Then
        assertThat(settled(2).attempt().succeeded()).isTrue();
        assertThat(neighbours.settled.get(0).attempt().statusCode()).isEqualTo(401);
        assertThat(authorizations("/hook")).containsExactly(List.of("Bearer t-1"), List.of("Bearer t-2"));
    }

    @Test
    void withoutATokenTheReceiverIsNotCalledAndTheAttemptFails() {
        // Given
        deploy(Duration.ofSeconds(10));
        receiver.answer("/token", Answer.status(503), token("t-1", 3600, Duration.ZERO));

        // When
        neighbours.add(Samples.delivery(endpoint(oauth2(receiver.url("/token")), null)));

        // Then
        Attempt first = settled(1).attempt();
        assertThat(first.statusCode()).isZero();
        assertThat(first.succeeded()).isFalse();
        assertThat(first.response()).isEqualTo("token endpoint answered 503");
        assertThat(neighbours.settled.get(0).verdict()).isInstanceOf(Settlement.Verdict.Retry.class);
        assertThat(settled(2).attempt().succeeded()).isTrue();
        assertThat(authorizations("/hook")).containsExactly(List.of("Bearer t-1"));
        assertThat(tokenRequests("failed")).isEqualTo(1);
    }

    @Test
    void neverFollowsARedirectOfATokenEndpoint() {
        // Given
        deploy(Duration.ofSeconds(10));
        receiver.answer("/token", Answer.status(307, "location", receiver.url("/elsewhere")));

        // When
        neighbours.add(Samples.delivery(endpoint(oauth2(receiver.url("/token")), ONCE)));

        // Then
        assertThat(settled(1).attempt().response()).isEqualTo("token endpoint answered 307");
        assertThat(receiver.received()).extracting(ReceivedRequest::path).containsExactly("/token");
    }

    @Test
    void neverDialsATokenEndpointAtAPrivateAddress() {
        // Given
        deploy(Duration.ofSeconds(10));

        // When
        neighbours.add(Samples.delivery(endpoint(oauth2("http://10.0.0.1/token"), ONCE)));
        neighbours.add(Samples.delivery(endpoint(oauth2("http://169.254.169.254/latest"), ONCE)));
        neighbours.add(Samples.delivery(endpoint(oauth2("http://127.1/token"), ONCE)));

        // Then
        assertThat(settled(3)).isNotNull();
        assertThat(neighbours.settled)
                .allMatch(one -> one.attempt().response().equals("token endpoint: target address is not allowed"));
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    void cutsTheAnswerOfATokenEndpoint() {
        // Given
        deploy(Duration.ofSeconds(10));
        receiver.answer("/token", new Answer.Flood(1L << 30), new Answer.Torn());
        Endpoint endpoint = endpoint(oauth2(receiver.url("/token")), null);

        // When
        neighbours.add(Samples.delivery(endpoint));

        // Then
        assertThat(settled(1).attempt().response()).isEqualTo("token endpoint answered more than 65536 bytes");
        assertThat(settled(2).attempt().response())
                .isEqualTo("token endpoint: connection closed before the end of the answer");
    }

    @Test
    void aTokenEndpointThatHangsOrDripsEndsTheAttemptAndHoldsUpNoOther() {
        // Given
        deploy(Duration.ofSeconds(2));
        receiver.answer("/token", new Answer.Silence());
        receiver.answer("/drips", new Answer.Drip(Duration.ofMillis(50)));

        // When
        neighbours.add(Samples.delivery(endpoint(oauth2(receiver.url("/token")), ONCE)));
        neighbours.add(Samples.delivery(endpoint(oauth2(receiver.url("/drips")), ONCE)));
        neighbours.add(Samples.delivery(endpoint(null, ONCE)));

        // Then
        assertThat(settled(1).attempt().succeeded()).isTrue();
        assertThat(settled(3)).isNotNull();
        assertThat(neighbours.settled.subList(1, 3)).allSatisfy(one -> {
            assertThat(one.attempt().response()).isEqualTo("token endpoint did not answer within 1000 ms");
            assertThat(one.attempt().duration()).isBetween(Duration.ofMillis(990), Duration.ofMillis(1_900));
        });
    }

    @Test
    void anAttemptThatMayTakeLessTimeSaysWhatItWaitedFor() {
        // Given
        deploy(Duration.ofSeconds(10));
        receiver.answer("/token", new Answer.Silence());
        Endpoint endpoint = endpoint(oauth2(receiver.url("/token")), ONCE);

        // When
        neighbours.add(Samples.delivery(
                endpoint.withSending(endpoint.sending().withTimeout(Duration.ofMillis(300)), Samples.NOW)));

        // Then
        assertThat(settled(1).attempt().response()).isEqualTo("timeout after 300 ms, waiting for the token endpoint");
    }

    private static EndpointAuth.OAuth2 oauth2(String url) {
        return new EndpointAuth.OAuth2(
                url, "client", new Secret("secret"), List.of("a", "b"), null, Map.of(), ClientAuthentication.BASIC);
    }

    private Endpoint endpoint(EndpointAuth auth, RetryPolicy policy) {
        Endpoint plain = Samples.endpoint(receiver.url("/hook"), null, policy, null, Samples.HMAC_KEY);
        return plain.withSending(plain.sending().withAuthentication(auth), Samples.NOW);
    }

    private static Endpoint withHeaders(Endpoint old, Map<String, String> headers) {
        return new Endpoint(
                old.id(),
                old.application(),
                old.uid(),
                old.url(),
                old.description(),
                old.throttleRate(),
                old.disabled(),
                old.eventTypes(),
                old.channels(),
                old.metadata(),
                headers,
                old.secrets(),
                old.sending(),
                old.failingSince(),
                old.createdAt(),
                old.updatedAt(),
                old.version());
    }

    private static Answer token(String value, int seconds, Duration after) {
        Buffer body = new JsonObject()
                .put("access_token", value)
                .put("token_type", "Bearer")
                .put("expires_in", seconds)
                .toBuffer();
        return new Answer.Reply(200, Map.of("content-type", "application/json"), body, after);
    }

    private List<ReceivedRequest> received(String path) {
        return receiver.received().stream()
                .filter(request -> request.path().equals(path))
                .toList();
    }

    private List<List<String>> authorizations(String path) {
        return received(path).stream()
                .map(request -> request.headers().getAll("authorization"))
                .toList();
    }

    private double tokenRequests(String result) {
        return registry.get("posthorn.token.requests")
                .tag("result", result)
                .counter()
                .count();
    }

    private Settlement settled(int count) {
        await().until(() -> neighbours.settled.size() >= count);
        return neighbours.settled.get(count - 1);
    }

    private void deploy(Duration timeout, SourceHeader... headers) {
        Duration[] pauses = new Duration[3];
        Arrays.fill(pauses, Duration.ofMillis(30));
        DispatchConfig plain = Samples.config(timeout, Duration.ofSeconds(1), null);
        DispatchConfig config = new DispatchConfig(
                plain.maxInFlight(),
                plain.maxInFlightPerEndpoint(),
                plain.firstInFlightPerEndpoint(),
                plain.instances(),
                plain.timeout(),
                plain.connectTimeout(),
                plain.maxResponseBytes(),
                plain.maxRetryAfter(),
                plain.busyPenalty(),
                plain.disableAfter(),
                plain.drainTimeout(),
                plain.operationalApplication(),
                List.of(headers));
        EgressConfig egress = Samples.egress(List.of("127.0.0.0/8"), null);
        String deployed = Futures.resultOf(vertx.deployVerticle(new DispatchVerticle(
                Samples.settings(config, Samples.retries(pauses), egress),
                bus,
                new NodeId("node-1"),
                InstantSource.system(),
                registry)));
        assertThat(deployed).isNotNull();
    }
}
