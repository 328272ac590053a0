package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.contract.TlsOptions;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ScriptedNameServer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long connections are used, and how HTTP/2 shares them. */
class ConnectionsTest {
    private static final String NAME = "receiver.example.com";
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static SelfSignedCertificate certificate;
    private static TlsOptions trusting;

    private final DispatcherFixture dispatcher = new DispatcherFixture();
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();

    /** When each connection was used first and last. */
    private final Map<HttpConnection, long[]> uses = new ConcurrentHashMap<>();

    private int port;

    @BeforeAll
    static void makeCertificate() throws IOException {
        certificate = SelfSignedCertificate.create(NAME);
        trusting = new TlsOptions(null, Files.readString(Path.of(certificate.certificatePath())), null);
    }

    @AfterAll
    static void deleteCertificate() {
        certificate.delete();
    }

    @AfterEach
    void close() {
        dispatcher.close();
    }

    @Test
    void speaksHttp2WhereItIsWantedAndOffered() {
        // Given
        start(true, MINUTE, true);

        // When
        deliver("/ok");

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("ok");
        HttpServerRequest request = requests.get(0);
        assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(request.getHeader("webhook-id")).startsWith("msg_");
        assertThat(request.getHeader("accept-encoding")).isNull();
    }

    @Test
    void speaksHttp11WhereHttp2IsNotWanted() {
        start(false, MINUTE, true);
        deliver("/ok");
        assertThat(dispatcher.response(1)).isEqualTo("ok");
        assertThat(requests.get(0).version()).isEqualTo(HttpVersion.HTTP_1_1);
    }

    @Test
    void speaksHttp11WhereHttp2IsNotOffered() {
        start(true, MINUTE, false);
        deliver("/ok");
        assertThat(dispatcher.response(1)).isEqualTo("ok");
        assertThat(requests.get(0).version()).isEqualTo(HttpVersion.HTTP_1_1);
    }

    @Test
    void neverSpeaksHttp2WithoutTls() {
        // Given
        RawReceiver plain = dispatcher.receiver(
                new NetServerOptions(),
                (number, socket) -> socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        start(true, MINUTE, true);

        // When
        dispatcher.deliver(plain.url("http", "127.0.0.1"));

        // Then
        assertThat(dispatcher.settled(1).attempt().succeeded()).isTrue();
        assertThat(plain.requests.get(0))
                .startsWith("POST /hook?a=1 HTTP/1.1")
                .doesNotContainIgnoringCase("upgrade")
                .doesNotContain("PRI *");
    }

    @Test
    void anAttemptThatIsBrokenOffLeavesTheOthersOfItsConnectionAlone() {
        // Given
        start(true, MINUTE, true);
        deliver("/ok");
        assertThat(dispatcher.response(1)).isEqualTo("ok");

        // When
        dispatcher.deliver(url("/silent"), sending -> sending.withTls(trusting).withTimeout(Duration.ofMillis(200)));
        deliver("/slow");

        // Then
        assertThat(dispatcher.response(2)).isEqualTo("timeout after 200 ms");
        assertThat(dispatcher.response(3)).isEqualTo("slow");
        assertThat(connections).hasSize(1);
        deliver("/ok");
        assertThat(dispatcher.response(4)).isEqualTo("ok");
        assertThat(connections).hasSize(1);
    }

    @Test
    void answersArriveAlthoughTheReceiverRetiresTheConnection() {
        // Given
        start(true, MINUTE, true);

        // When
        deliver("/retiring");

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("retired");
        assertThat(dispatcher.settled(1).attempt().succeeded()).isTrue();
        deliver("/ok");
        assertThat(dispatcher.response(2)).isEqualTo("ok");
        assertThat(connections).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endlessBodiesAndTooManyHeadersAreCut(boolean http2) {
        // Given
        start(http2, MINUTE, true);

        // When
        deliver("/endless");
        assertThat(dispatcher.response(1)).isEqualTo("y".repeat(1024));
        deliver("/headers?count=300&size=1");
        assertThat(dispatcher.response(2)).isEqualTo("the answer has too many headers");
        deliver("/headers?count=10&size=4000");

        // Then
        assertThat(dispatcher.settled(3).attempt().succeeded()).isFalse();
        assertThat(dispatcher.settled(3).attempt().duration()).isLessThan(Duration.ofSeconds(5));
        deliver("/ok");
        assertThat(dispatcher.response(4)).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noConnectionIsUsedForLongerThanItsAgeHoweverBusyItIs(boolean http2) {
        // Given: two attempts in flight at every moment, so that the connections are never idle for long
        Duration age = Duration.ofMillis(1500);
        start(http2, age, true);
        long end = System.nanoTime() + age.multipliedBy(3).toNanos();
        int deliveries = 1;

        // When
        deliver("/slow");
        while (System.nanoTime() < end) {
            deliver("/slow");
            deliveries++;
            int allButOne = deliveries - 1;
            await().pollInterval(Duration.ofMillis(2)).until(() -> dispatcher.neighbours.settled.size() >= allButOne);
        }

        // Then
        assertThat(dispatcher.settled(deliveries)).isNotNull();
        assertThat(dispatcher.neighbours.settled)
                .extracting(settlement -> settlement.attempt().response())
                .containsOnly("slow");
        assertThat(connections.size()).isBetween(3, 12);
        assertThat(longestUse()).isLessThan(age.plusMillis(400));
    }

    private Duration longestUse() {
        return Duration.ofNanos(
                uses.values().stream().mapToLong(use -> use[1] - use[0]).max().orElseThrow());
    }

    private void deliver(String path) {
        dispatcher.deliver(url(path), trusting);
    }

    private String url(String path) {
        return "https://" + NAME + ":" + port + path;
    }

    private void start(boolean wanted, Duration age, boolean offered) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(offered)
                .setKeyCertOptions(certificate.keyCertOptions());
        port = Futures.resultOf(dispatcher
                        .vertx
                        .createHttpServer(options)
                        .connectionHandler(connections::add)
                        .requestHandler(this::answer)
                        .listen(0, "127.0.0.1"))
                .actualPort();
        ScriptedNameServer names = Futures.resultOf(ScriptedNameServer.start(dispatcher.vertx));
        names.name(NAME, "127.0.0.1");
        dispatcher.start(Samples.egress(List.of("127.0.0.1/32"), names.address(), null, wanted, age));
    }

    private void answer(HttpServerRequest request) {
        requests.add(request);
        uses.compute(request.connection(), (connection, use) -> {
            long now = System.nanoTime();
            return use == null ? new long[] {now, now} : new long[] {use[0], now};
        });
        switch (request.path()) {
            case "/ok" -> end(request, "ok");
            case "/slow" -> dispatcher.vertx.setTimer(400, timer -> end(request, "slow"));
            case "/retiring" -> {
                var gone = request.connection().shutdown(10, TimeUnit.SECONDS);
                dispatcher.vertx.setTimer(100, timer -> end(request, "retired"));
                gone.onComplete(done -> {});
            }
            case "/endless" -> {
                request.response().setChunked(true);
                long timer = dispatcher.vertx.setPeriodic(
                        1, tick -> request.response().write("y".repeat(600)).onComplete(written -> {}));
                request.connection().closeHandler(closed -> dispatcher.vertx.cancelTimer(timer));
                request.response().exceptionHandler(reset -> dispatcher.vertx.cancelTimer(timer));
            }
            case "/headers" -> {
                int count = Integer.parseInt(request.getParam("count"));
                String value = "v".repeat(Integer.parseInt(request.getParam("size")));
                for (int i = 0; i < count; i++) {
                    request.response().headers().add("x-many", value);
                }
                end(request, "many");
            }
            default -> {}
        }
    }

    private static void end(HttpServerRequest request, String text) {
        request.response().end(text).onComplete(sent -> {});
    }
}
