package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node shows receivers tokens of their OAuth2 server, gets new ones in time, and tells its secrets to nobody else. */
class AuthenticationST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How long a token is valid that expires within a test, in seconds; a tenth of it is more than a request takes. */
    private static final int SHORT = 5;

    private static final String SECRET = "the-client-secret-4711";
    private static final String PASSWORD = "the-password-4712";
    private static final String HEADER = "the-header-4713";
    private static final String OF_NODE = "the-node-header-4714";

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger tokens = new AtomicInteger();
    private final AtomicInteger unauthorized = new AtomicInteger();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final List<String> basics = new CopyOnWriteArrayList<>();
    private final List<String> ofNode = new CopyOnWriteArrayList<>();

    /** The one token that the receiver takes, and until when, as {@link System#nanoTime()}. */
    private volatile String valid = "";

    private volatile long until;

    private volatile int seconds = 3600;
    private volatile int tokenStatus = 200;
    private String url;
    private PosthornProcess posthorn;
    private String app;

    @BeforeEach
    void start() throws Exception {
        HttpServer server = Futures.resultOf(
                vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
        url = "http://127.0.0.1:" + server.actualPort();
        posthorn = PosthornProcess.start(
                data,
                Map.of(
                        "WEBHOOK_LOG_LEVEL", "trace",
                        "WEBHOOK_DISPATCH_INSTANCES", "1",
                        "WEBHOOK_DISPATCH_HEADERS", "X-Of-Node: " + OF_NODE));
        app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
    }

    @AfterEach
    void stop() {
        posthorn.close();
        Futures.resultOf(vertx.close());
    }

    @Test
    void receiverSeesTokensOfItsOwnServerAndNewOnesInTime() throws Exception {
        // Given
        String endpoint = endpoint("/hook");
        JsonObject shown = authenticate(endpoint, oauth2());

        // When
        List<String> first = List.of(send(), send(), send());

        // Then: one for all of them
        await().atMost(PATIENCE).until(() -> accepted.containsAll(first));
        assertThat(unauthorized).hasValue(0);
        assertThat(tokens).hasValue(1);
        assertThat(shown.getJsonArray("sensitive")).isEqualTo(new JsonArray().add("clientSecret"));

        // When: the server has forgotten what it gave out, and gives out short ones from now on
        seconds = SHORT;
        valid = "";
        String late = send();

        // Then: one attempt is refused and the next has a new token
        await().atMost(PATIENCE).until(() -> accepted.contains(late));
        assertThat(unauthorized).hasValue(1);
        assertThat(attempts(late))
                .extracting(attempt -> attempt.getInteger("responseStatusCode"))
                .containsExactly(401, 204);
        assertThat(tokens).hasValue(2);

        // When: events go on while tokens expire
        List<String> meanwhile = new ArrayList<>();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            meanwhile.add(send());
            return tokens.get() == 4;
        });

        // Then: new ones were there before the receiver saw an old one
        await().atMost(PATIENCE).until(() -> accepted.containsAll(meanwhile));
        assertThat(unauthorized).hasValue(1);
    }

    @Test
    void tokenEndpointThatFailsIsToldAndTriedAgain() throws Exception {
        // Given
        tokenStatus = 503;
        authenticate(endpoint("/hook"), oauth2());

        // When
        String message = send();
        await().atMost(PATIENCE).until(() -> !attempts(message).isEmpty());
        JsonObject attempt = attempts(message).get(0);
        tokenStatus = 200;

        // Then
        assertThat(attempt.getString("response")).isEqualTo("token endpoint answered 503");
        assertThat(attempt.getInteger("responseStatusCode")).isZero();
        await().atMost(PATIENCE).until(() -> accepted.contains(message));
        assertThat(posthorn.metrics()).containsPattern("posthorn_token_requests_total\\{.*result=\"failed\".*} [1-9]");
    }

    @Test
    void secretsAreNeitherAnsweredNorLogged() throws Exception {
        // Given
        String oauth = endpoint("/hook");
        String basic = endpoint("/basic");
        authenticate(oauth, oauth2());
        authenticate(
                basic, new JsonObject().put("type", "basic").put("user", "u").put("password", PASSWORD));
        assertThat(posthorn.call("PUT", basic + "/headers", "{\"headers\":{\"X-Api-Key\":\"" + HEADER + "\"}}")
                        .statusCode())
                .isEqualTo(204);

        // When: deliveries that work, and some that fail
        String works = send();
        await().atMost(PATIENCE).until(() -> accepted.contains(works) && basics.size() == 1);
        tokenStatus = 500;
        valid = "";
        String fails = send();
        await().atMost(PATIENCE).until(() -> attempts(fails).size() >= 3);

        // Then
        assertThat(basics).containsOnly("Basic dTp0aGUtcGFzc3dvcmQtNDcxMg==");
        assertThat(ofNode).isNotEmpty().containsOnly(OF_NODE);
        StringBuilder all = new StringBuilder(String.join("\n", posthorn.output()));
        for (String shown : List.of(
                oauth,
                oauth + "/authentication",
                oauth + "/headers",
                basic,
                basic + "/authentication",
                basic + "/headers",
                "/app/" + app + "/endpoint",
                "/app/" + app + "/attempt/endpoint/" + oauth.substring(oauth.lastIndexOf('/') + 1),
                "/app/" + app + "/msg/" + fails + "/endpoint/" + oauth.substring(oauth.lastIndexOf('/') + 1)
                        + "/explain")) {
            HttpResponse<String> answer = posthorn.call("GET", shown, "");
            assertThat(answer.statusCode()).as(shown).isEqualTo(200);
            all.append(answer.body());
        }
        all.append(posthorn.metrics());
        all.append(posthorn.management("/health").body());
        assertThat(all)
                .contains("posthorn", "X-Api-Key")
                .doesNotContain(SECRET, PASSWORD, HEADER, OF_NODE, "issued-", "dTp0aGUtcGFzc3dvcmQtNDcxMg");
    }

    @Test
    void ofAHeaderAuthorizationAndAnAuthenticationTheSecondIsRefused() throws Exception {
        // Given
        String endpoint = endpoint("/hook");
        authenticate(endpoint, oauth2());

        // Then
        String header = "{\"headers\":{\"authorization\":\"Bearer x\"}}";
        assertRefused(posthorn.call("PUT", endpoint + "/headers", header), "[\"body\",\"headers\",\"authorization\"]");
        assertRefused(
                posthorn.call("PATCH", endpoint + "/headers", header), "[\"body\",\"headers\",\"authorization\"]");

        // When
        assertThat(posthorn.call("DELETE", endpoint + "/authentication", "").statusCode())
                .isEqualTo(204);
        assertThat(posthorn.call("PUT", endpoint + "/headers", header).statusCode())
                .isEqualTo(204);

        // Then
        assertRefused(
                posthorn.call("PUT", endpoint + "/authentication", oauth2().encode()),
                "[\"body\",\"headers\",\"authorization\"]");
        assertRefused(
                posthorn.call("PUT", endpoint + "/authentication", "{\"type\":\"bearer\",\"token\":\"a b\"}"),
                "[\"body\",\"token\"]");
    }

    private static void assertRefused(HttpResponse<String> answer, String place) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains(place);
    }

    private JsonObject oauth2() {
        return new JsonObject()
                .put("type", "oauth2")
                .put("tokenUrl", url + "/token")
                .put("clientId", "posthorn")
                .put("clientSecret", SECRET)
                .put("clientAuthentication", "body")
                .put("scopes", new JsonArray().add("hooks"));
    }

    private JsonObject authenticate(String endpoint, JsonObject wanted) throws Exception {
        JsonObject shown = posthorn.json("PUT", endpoint + "/authentication", wanted.encode());
        assertThat(shown.getString("type")).isEqualTo(wanted.getString("type"));
        return shown;
    }

    private String endpoint(String path) throws Exception {
        String endpoints = "/app/" + app + "/endpoint";
        return endpoints + "/"
                + posthorn.json(
                                "POST",
                                endpoints,
                                new JsonObject().put("url", url + path).encode())
                        .getString("id");
    }

    private String send() throws Exception {
        return posthorn.json("POST", "/app/" + app + "/msg", "{\"eventType\":\"a.b\",\"payload\":{\"n\":1}}")
                .getString("id");
    }

    /** Of one message, the first one first. */
    private List<JsonObject> attempts(String message) throws Exception {
        List<JsonObject> newestFirst =
                posthorn.json("GET", "/app/" + app + "/attempt/msg/" + message, "").getJsonArray("data").stream()
                        .map(JsonObject.class::cast)
                        .toList();
        return newestFirst.stream()
                .sorted(Comparator.comparing(attempt -> attempt.getString("timestamp")))
                .toList();
    }

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/token" -> request.body().onSuccess(body -> token(request, body.toString()));
            case "/basic" -> {
                basics.add(request.getHeader("authorization"));
                ofNode.add(request.getHeader("x-of-node"));
                end(request, 204);
            }
            default -> hook(request);
        }
    }

    private void token(HttpServerRequest request, String form) {
        if (tokenStatus != 200) {
            end(request, tokenStatus);
            return;
        }
        assertThat(form)
                .isEqualTo("grant_type=client_credentials&scope=hooks&client_id=posthorn&client_secret=" + SECRET);
        valid = "issued-" + tokens.incrementAndGet();
        until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        JsonObject answer = new JsonObject()
                .put("access_token", valid)
                .put("token_type", "Bearer")
                .put("expires_in", seconds);
        request.response()
                .putHeader("content-type", "application/json")
                .end(answer.encode())
                .onFailure(cause -> request.connection().close());
    }

    private void hook(HttpServerRequest request) {
        boolean good = !valid.isEmpty()
                && System.nanoTime() - until < 0
                && ("Bearer " + valid).equals(request.getHeader("authorization"));
        if (good) {
            accepted.add(request.getHeader("webhook-id"));
        } else {
            unauthorized.incrementAndGet();
        }
        end(request, good ? 204 : 401);
    }

    private static void end(HttpServerRequest request, int status) {
        request.response()
                .setStatusCode(status)
                .end()
                .onFailure(cause -> request.connection().close());
    }
}
