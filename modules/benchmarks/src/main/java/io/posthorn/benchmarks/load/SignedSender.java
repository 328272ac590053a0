package io.posthorn.benchmarks.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The bare loop: a Vert.x client that POSTs payloads signed by Standard Webhooks, and does nothing else. */
final class SignedSender implements Sender {
    private static final byte[] SECRET = "a secret of thirty-two bytes ...".getBytes(StandardCharsets.US_ASCII);
    private static final int MILLIS_PER_SECOND = 1_000;

    private final HttpClient client;
    private final int connections;
    private final RequestOptions request;
    private final byte[] payload;
    private final int at;
    private final Mac mac;

    SignedSender(Vertx vertx, LoadJob job, int connections) {
        this.connections = connections;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setTcpNoDelay(true), new PoolOptions().setHttp1MaxSize(connections));
        this.request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(job.port())
                .setURI(job.heads().get(0));
        this.payload = job.body().getBytes(StandardCharsets.US_ASCII);
        this.at = job.body().indexOf(RequestTemplate.AT);
        try {
            this.mac = Mac.getInstance("HmacSHA256");
            this.mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }

    @Override
    public Future<Void> open() {
        List<Future<?>> warm = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            warm.add(client.request(HttpMethod.POST, request.getPort(), request.getHost(), "/warm")
                    .compose(ready -> ready.send())
                    .compose(response -> response.end()));
        }
        return Future.all(warm).mapEmpty();
    }

    @Override
    public void send(long number, long intendedNanos, Answered answered) {
        byte[] body = payload.clone();
        Digits.write(body, at, RequestTemplate.AT.length(), intendedNanos);
        String id = "msg_" + number;
        String timestamp = Long.toString(System.currentTimeMillis() / MILLIS_PER_SECOND);
        mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.US_ASCII));
        String signature = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        client.request(request)
                .compose(ready -> post(ready, id, timestamp, signature, body))
                .compose(response -> response.end().map(response.statusCode()))
                .onComplete(
                        status -> answered.answered(intendedNanos, status),
                        cause -> answered.answered(intendedNanos, 0));
    }

    @Override
    public Future<Void> close() {
        return client.close();
    }

    private static Future<HttpClientResponse> post(
            HttpClientRequest ready, String id, String timestamp, String signature, byte[] body) {
        return ready.putHeader("content-type", "application/json")
                .putHeader("webhook-id", id)
                .putHeader("webhook-timestamp", timestamp)
                .putHeader("webhook-signature", signature)
                .send(Buffer.buffer(body));
    }
}
