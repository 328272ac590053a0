package io.posthorn.chaos.run;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The receiver behind one endpoint: an HTTP server on a port that it keeps. It answers 200 after some milliseconds,
 * unless it is told to hold its answers, to break off in the middle of them, or to go away.
 */
public final class Receiver {
    private static final String HMAC = "HmacSHA256";
    private static final int FASTEST_MILLIS = 2;
    private static final int SLOWEST_MILLIS = 25;

    private final Vertx vertx;
    private final Receipts receipts;
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile Mood mood = Mood.ANSWER;
    private volatile int stumblePercent;
    private volatile int port;
    private volatile String endpoint = "";
    private volatile List<SecretKeySpec> keys = List.of();
    private final AtomicInteger unsigned = new AtomicInteger();
    private volatile @Nullable HttpServer server;

    private enum Mood {
        ANSWER,
        HOLD,
        BREAK_OFF
    }

    Receiver(Vertx vertx, Receipts receipts) {
        this.vertx = vertx;
        this.receipts = receipts;
    }

    /** Listens, on the port that it had before if it had one. */
    public Future<Void> listen() {
        HttpServer made = vertx.createHttpServer(new HttpServerOptions().setReuseAddress(true))
                // That a killed node resets its connections is no news.
                .connectionHandler(connection -> connection.exceptionHandler(cause -> {}))
                .requestHandler(this::receive);
        server = made;
        return made.listen(port, "127.0.0.1")
                .onSuccess(listening -> port = listening.actualPort())
                .mapEmpty();
    }

    /** Goes away at once, with every connection. */
    public Future<Void> vanish() {
        HttpServer current = server;
        return current == null ? Future.succeededFuture() : current.close();
    }

    /** Takes requests and answers none of them until {@link #answer}. */
    public void hold() {
        mood = Mood.HOLD;
    }

    /** Answers everything, and first what it held. */
    public void answer() {
        mood = Mood.ANSWER;
        for (Runnable next = held.poll(); next != null; next = held.poll()) {
            next.run();
        }
    }

    /** Begins each answer and cuts the connection before its end. */
    public void breakOff() {
        mood = Mood.BREAK_OFF;
    }

    /** Answers so many of a hundred requests with 500. */
    public void stumble(int percent) {
        stumblePercent = percent;
    }

    /** From now on each request must be signed with every one of these {@code whsec_} secrets. */
    public void requireSignatures(List<String> secrets) {
        keys = secrets.stream()
                .map(secret -> new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), HMAC))
                .toList();
    }

    /** How many requests were not signed with all that was required. */
    public int unsigned() {
        return unsigned.get();
    }

    /** Requests that wait for their answers. */
    public int open() {
        return open.get();
    }

    String url() {
        return "http://127.0.0.1:" + port + "/hook";
    }

    void serves(String endpointId) {
        endpoint = endpointId;
    }

    private void receive(HttpServerRequest request) {
        request.body()
                .onSuccess(body -> {
                    verify(request, body);
                    decide(request);
                })
                .onFailure(cause -> request.connection().close());
    }

    private void verify(HttpServerRequest request, Buffer body) {
        byte[] head = (request.getHeader("webhook-id") + "." + request.getHeader("webhook-timestamp") + ".")
                .getBytes(StandardCharsets.UTF_8);
        List<String> signatures =
                List.of(String.valueOf(request.getHeader("webhook-signature")).split(" "));
        for (SecretKeySpec key : keys) {
            if (!signatures.contains("v1," + signature(key, head, body.getBytes()))) {
                unsigned.incrementAndGet();
                return;
            }
        }
    }

    private static String signature(SecretKeySpec key, byte[] head, byte[] body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(head);
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }

    private void decide(HttpServerRequest request) {
        String id = String.valueOf(request.getHeader("webhook-id"));
        if (mood == Mood.BREAK_OFF) {
            receipts.failed();
            request.response()
                    .putHeader("content-length", "1000")
                    .write("the beginning")
                    .onComplete(written -> request.connection().close());
            return;
        }
        if (ThreadLocalRandom.current().nextInt(100) < stumblePercent) {
            receipts.failed();
            request.response().setStatusCode(500).end().onFailure(cause -> receipts.failed());
            return;
        }
        Receipts.Receipt receipt = receipts.add(new Pair(id, endpoint));
        open.incrementAndGet();
        Runnable answer = () -> request.response().end().onComplete(written -> {
            receipt.answered();
            open.decrementAndGet();
        });
        if (mood == Mood.HOLD) {
            held.add(answer);
            if (mood != Mood.HOLD) {
                answer();
            }
        } else {
            vertx.setTimer(ThreadLocalRandom.current().nextInt(FASTEST_MILLIS, SLOWEST_MILLIS), timer -> answer.run());
        }
    }
}
