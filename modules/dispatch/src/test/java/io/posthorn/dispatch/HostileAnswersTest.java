package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.contract.Attempt;
import io.posthorn.testkit.Futures;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that are wrong in every way end in time with the right record, and never become the answer to what is sent next. In the
 * tables, {@code |} is the end of a line, {@code ~} a line feed alone, {@code ^} closes the connection, and {@code {n}} stands for n letters.
 */
class HostileAnswersTest {
    private static final Duration DEADLINE = Duration.ofMillis(1500);
    private static final String CLOSED = "connection closed before the end of the answer";

    private static Dispatching dispatching;

    @BeforeAll
    static void start() {
        dispatching = new Dispatching();
        dispatching.deploy(DEADLINE);
    }

    @AfterAll
    static void close() {
        dispatching.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "longer than the body;           HTTP/1.1 200 OK|Content-Length: 10||half;    200; timeout after 1500"
                        + " ms",
                "longer, and closed;             HTTP/1.1 200 OK|Content-Length: 10||half^;   200; " + CLOSED,
                "two lengths;                    HTTP/1.1 200 OK|Content-Length: 2|Content-Length: 4||okok; 0; the"
                        + " answer is not HTTP",
                "a list of lengths;              HTTP/1.1 200 OK|Content-Length: 2, 4||okok;  0; the answer is not"
                        + " HTTP",
                "negative length;                HTTP/1.1 200 OK|Content-Length: -1||ok;      0; the answer is not"
                        + " HTTP",
                "length with a sign;             HTTP/1.1 200 OK|Content-Length: +2||ok;      0; the answer is not"
                        + " HTTP",
                "length in hexadecimal;          HTTP/1.1 200 OK|Content-Length: 0x2||ok;     0; the answer is not"
                        + " HTTP",
                "length beyond all numbers;      HTTP/1.1 200 OK|Content-Length: 99999999999999999999||ok; 0; the"
                        + " answer is not HTTP",
                "chunk size that is none;        HTTP/1.1 200 OK|Transfer-Encoding: chunked||zz|ok|; 200; the answer"
                        + " is not HTTP",
                "negative chunk size;            HTTP/1.1 200 OK|Transfer-Encoding: chunked||-4|ok|; 200; the answer"
                        + " is not HTTP",
                "chunk size beyond all numbers;  HTTP/1.1 200 OK|Transfer-Encoding: chunked||ffffffffffffffff|ok|;"
                        + " 200; the answer is not HTTP",
                "chunk that does not end;        HTTP/1.1 200 OK|Transfer-Encoding: chunked||7fffffff|ok|; 200;"
                        + " timeout after 1500 ms",
                "status line of a megabyte;      HTTP/1.1 200 {1048576}|Content-Length: 0||;  0; the answer is not"
                        + " HTTP",
                "header of a megabyte;           HTTP/1.1 200 OK|X: {1048576}|Content-Length: 0||; 0; the answer is"
                        + " not HTTP",
                "chunk extension of a megabyte;  'HTTP/1.1 200 OK|Transfer-Encoding: chunked||2;{1048576}|ok|0||';"
                        + " 200; the answer is not HTTP",
                "trailer of a megabyte;          HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|ok|0|X: {1048576}||;"
                        + " 200; the answer is not HTTP",
                "another version;                HTTP/2.0 200 OK|Content-Length: 0||;         0; the answer is not"
                        + " HTTP",
                "another protocol;               SSH-2.0-OpenSSH_9.2|;                        0; the answer is not"
                        + " HTTP",
                "radio;                          ICY 200 OK||;                                0; the answer is not"
                        + " HTTP",
                "nothing at all;                 ^;                                           0; " + CLOSED,
                "empty lines;                    ||||||||||||;                                0; timeout after 1500 ms",
                "line feeds in the header;       HTTP/1.1 200 OK~Content-Length: 0~~;      0; the answer is not HTTP",
                "upgrade;                        HTTP/1.1 101 Switching Protocols|Connection: upgrade|Upgrade: x||; 0;"
                        + " the answer has no final status",
                "upgrade, and more;              HTTP/1.1 101 Switching Protocols|Connection: upgrade|Upgrade: x||abc;"
                        + " 0; the answer has no final status",
                "status 102;                     HTTP/1.1 102 Processing||;                   0; the answer has no"
                        + " final status",
                "status 000;                     HTTP/1.1 000 None|Content-Length: 0||;       0; the answer has no"
                        + " final status",
                "status 99;                      HTTP/1.1 99 Less|Content-Length: 0||;        0; the answer has no"
                        + " final status",
                "status 2147483647;              HTTP/1.1 2147483647 More|Content-Length: 0||; 0; the answer has no"
                        + " final status",
                "status -200;                    HTTP/1.1 -200 Less|Content-Length: 0||;      0; the answer is not"
                        + " HTTP",
            })
    void failsWithTheReason(String name, String answer, int status, String reason) {
        // Given
        RawReceiver receiver = receiver((number, socket) -> {
            if (number == 1) {
                write(socket, answer);
            } else {
                write(socket, "HTTP/1.1 500 No|Content-Length: 3||own");
            }
        });

        // When
        Attempt first = dispatching.attempt(receiver.url("http", "127.0.0.1"));
        Attempt second = dispatching.attempt(receiver.url("http", "127.0.0.1"));

        // Then
        assertThat(first.succeeded()).isFalse();
        assertThat(first.statusCode()).isEqualTo(status);
        assertThat(first.response()).isEqualTo(reason);
        assertThat(first.duration()).isLessThan(DEADLINE.multipliedBy(2));
        assertThat(second.statusCode()).isEqualTo(500);
        assertThat(second.response()).isEqualTo("own");
        await().until(() -> receiver.closed.get() >= 1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "interim answers first;   HTTP/1.1 100 Continue||HTTP/1.1 103 Early Hints|Link: a||HTTP/1.1 200"
                        + " OK|Content-Length: 2||ok; 200; ok",
                "HTTP/1.0;                HTTP/1.0 200 OK||ok^;                                   200; ok",
                "up to the end;           HTTP/1.1 200 OK||ok^;                                   200; ok",
                "length and chunks;       HTTP/1.1 200 OK|Content-Length: 1|Transfer-Encoding: chunked||2|ok|0||; 200;"
                        + " ok",
                "chunks with trailers;    'HTTP/1.1 200 OK|Transfer-Encoding: chunked||1;a=b|o|1|k|0|A: b||'; 200; ok",
                "pause beyond all time;   HTTP/1.1 503 Busy|Retry-After: 99999999999999999999|Content-Length: 2||ok;"
                        + " 503; ok",
                "kept for ever;           HTTP/1.1 200 OK|Keep-Alive: timeout=99999999999|Content-Length: 2||ok; 200;"
                        + " ok",
            })
    void readsWhatIsUnusual(String name, String answer, int status, String body) {
        // Given
        RawReceiver receiver = receiver((number, socket) -> write(socket, answer));

        // When
        Attempt first = dispatching.attempt(receiver.url("http", "127.0.0.1"));
        Attempt second = dispatching.attempt(receiver.url("http", "127.0.0.1"));

        // Then
        assertThat(first.statusCode()).isEqualTo(status).isEqualTo(second.statusCode());
        assertThat(first.response()).isEqualTo(body).isEqualTo(second.response());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|Content-Length: 4||fake",
                "HTTP/1.1 200 OK|Content-Length: 4||fakeHTTP/1.1 200 OK|Content-Length: 4||evil",
                "HTTP/1.1 200 OK|Content-Length: 15||fake",
                "HTTP/1.1 200 OK|X: ",
                "HTTP/1.1 200 OK|X",
                "HTTP/1.1 200 ",
                "HTTP/1",
                "|",
                " ",
                "garbage"
            })
    void whatStandsBehindAnAnswerNeverAnswersTheNextRequest(String surplus) {
        for (String answer : new String[] {
            "HTTP/1.1 200 OK|Content-Length: 5||first", "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|first|0||"
        }) {
            // Given
            RawReceiver together = receiver((number, socket) ->
                    write(socket, number == 1 ? answer + surplus : "HTTP/1.1 500 No|Content-Length: 3||own"));
            RawReceiver inParts = receiver((number, socket) -> {
                if (number == 1) {
                    write(socket, answer.substring(0, 20));
                    dispatching.vertx.setTimer(50, timer -> write(socket, answer.substring(20) + surplus));
                } else {
                    write(socket, "HTTP/1.1 500 No|Content-Length: 3||own");
                }
            });
            for (RawReceiver receiver : new RawReceiver[] {together, inParts}) {
                // When
                Attempt first = dispatching.attempt(receiver.url("http", "127.0.0.1"));
                Attempt second = dispatching.attempt(receiver.url("http", "127.0.0.1"));

                // Then
                assertThat(first.statusCode()).isEqualTo(200);
                assertThat(first.response()).isEqualTo("first");
                assertThat(second.statusCode()).isEqualTo(500);
                assertThat(second.response()).isEqualTo("own");
                assertThat(receiver.requests).hasSize(2);
                assertThat(receiver.connections).hasValue(2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK|Content-Length: 4||fake", "HTTP/1.1 200 OK|X: ", "H", "|"})
    void whatComesBetweenTwoRequestsAnswersNeither(String unasked) {
        // Given
        RawReceiver receiver = receiver((number, socket) -> {
            if (number == 1) {
                write(socket, "HTTP/1.1 200 OK|Content-Length: 5||first");
                dispatching.vertx.setTimer(100, timer -> write(socket, unasked));
            } else {
                write(socket, "HTTP/1.1 500 No|Content-Length: 3||own");
            }
        });

        // When
        Attempt first = dispatching.attempt(receiver.url("http", "127.0.0.1"));
        await().atMost(Duration.ofSeconds(5)).until(() -> receiver.closed.get() == 1);
        Attempt second = dispatching.attempt(receiver.url("http", "127.0.0.1"));

        // Then
        assertThat(first.response()).isEqualTo("first");
        assertThat(second.response()).isEqualTo("own");
    }

    @Test
    void answerAfterAnInterimOneThatLooksFinalIsNotThatOfTheNextRequest() {
        // Given: 102 at once, and what was meant to follow it only when the next request is under way
        RawReceiver receiver = receiver((number, socket) -> {
            if (number == 1) {
                write(socket, "HTTP/1.1 102 Processing||");
                dispatching.vertx.setTimer(400, timer -> write(socket, "HTTP/1.1 200 OK|Content-Length: 5||first"));
            } else {
                dispatching.vertx.setTimer(800, timer -> write(socket, "HTTP/1.1 500 No|Content-Length: 3||own"));
            }
        });

        // When
        Attempt first = dispatching.attempt(receiver.url("http", "127.0.0.1"));
        Attempt second = dispatching.attempt(receiver.url("http", "127.0.0.1"));

        // Then
        assertThat(first.succeeded()).isFalse();
        assertThat(second.statusCode()).isEqualTo(500);
        assertThat(second.response()).isEqualTo("own");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 100 Continue||",
                "HTTP/1.1 103 Early Hints|Link: a||",
                "|",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||"
            })
    void floodsEnd(String wave) {
        // Given
        String waves = lines(wave).repeat(200);
        RawReceiver receiver = receiver((number, socket) -> dispatching.vertx.setPeriodic(
                1, timer -> socket.write(waves).onFailure(gone -> dispatching.vertx.cancelTimer(timer))));

        // When
        Attempt attempt = dispatching.attempt(receiver.url("http", "127.0.0.1"));

        // Then
        assertThat(attempt.succeeded()).isFalse();
        assertThat(attempt.duration()).isLessThan(DEADLINE.multipliedBy(2));
        await().until(() -> receiver.closed.get() == 1);
    }

    @Test
    void connectionThatIsResetWithinTheBodyFails() {
        // Given: closed with unread bytes in it and without lingering, which resets it
        RawReceiver receiver = Futures.resultOf(RawReceiver.start(
                dispatching.vertx, new NetServerOptions().setSoLinger(0), (number, socket) -> {
                    write(socket, "HTTP/1.1 200 OK|Content-Length: 10||half");
                    dispatching.vertx.setTimer(100, timer -> socket.close());
                }));

        // When
        Attempt attempt = dispatching.attempt(receiver.url("http", "127.0.0.1"));

        // Then
        assertThat(attempt.succeeded()).isFalse();
        assertThat(attempt.statusCode()).isEqualTo(200);
        assertThat(attempt.response()).isIn("connection reset", CLOSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK|Content-Length: 0||^", "^"})
    void whatIsSaidBeforeTheRequestEndsTheAttempt(String greeting) {
        // Given
        int[] port = new int[1];
        Futures.resultOf(dispatching
                .vertx
                .createNetServer()
                .connectHandler(socket -> {
                    socket.exceptionHandler(cause -> {});
                    write(socket, greeting);
                })
                .listen(0, "127.0.0.1")
                .onSuccess(server -> port[0] = server.actualPort()));

        // When
        Attempt attempt = dispatching.attempt("http://127.0.0.1:" + port[0] + "/");

        // Then
        assertThat(attempt.duration()).isLessThan(DEADLINE.multipliedBy(2));
        assertThat(attempt.succeeded()).isEqualTo(attempt.statusCode() == 200);
    }

    @Test
    void receiverThatNeverEndsTheTlsHandshakeIsGivenUp() {
        // Given
        RawReceiver receiver = receiver((number, socket) -> {});

        // When
        Attempt attempt = dispatching.attempt(receiver.url("https", "127.0.0.1"));

        // Then
        assertThat(attempt.statusCode()).isZero();
        assertThat(attempt.response()).isIn("timeout after 1500 ms", "connection timed out", "TLS handshake failed");
        assertThat(attempt.duration()).isLessThan(DEADLINE.multipliedBy(2));
    }

    @Test
    void bodyIsNeverUnpacked() {
        // Given
        RawReceiver receiver = receiver((number, socket) ->
                write(socket, "HTTP/1.1 200 OK|Content-Encoding: gzip|Content-Length: 4||\u001f\u0001ab"));

        // When
        Attempt attempt = dispatching.attempt(receiver.url("http", "127.0.0.1"));

        // Then
        assertThat(attempt.succeeded()).isTrue();
        assertThat(attempt.response()).isEqualTo("\u001f\u0001ab");
        assertThat(receiver.requests.get(0)).doesNotContainIgnoringCase("accept-encoding");
    }

    @Test
    void hostHeaderOfAnIpv6AddressHasBrackets() {
        // Given
        StringBuilder received = new StringBuilder();
        int port = Futures.resultOf(dispatching
                        .vertx
                        .createNetServer()
                        .connectHandler(socket -> socket.handler(bytes -> {
                            received.append(bytes);
                            write(socket, "HTTP/1.1 200 OK|Content-Length: 0||");
                        }))
                        .listen(0, "::1"))
                .actualPort();

        // When
        Attempt attempt = dispatching.attempt("http://[::1]:" + port + "/");

        // Then
        assertThat(attempt.succeeded()).isTrue();
        assertThat(received.toString()).containsIgnoringCase("\r\nhost: [::1]:" + port + "\r\n");
    }

    private static String lines(String text) {
        java.util.regex.Matcher letters = java.util.regex.Pattern.compile("\\{(\\d+)}")
                .matcher(text.replace("|", "\r\n").replace('~', '\n'));
        return letters.replaceAll(found -> "x".repeat(Integer.parseInt(found.group(1))));
    }

    private static void write(NetSocket socket, String text) {
        boolean closes = text.endsWith("^");
        socket.write(lines(closes ? text.substring(0, text.length() - 1) : text))
                .onSuccess(written -> {
                    if (closes) {
                        socket.close();
                    }
                });
    }

    private static RawReceiver receiver(BiConsumer<Integer, NetSocket> script) {
        return Futures.resultOf(RawReceiver.start(dispatching.vertx, new NetServerOptions(), script));
    }
}
