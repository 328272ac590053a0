package io.posthorn.dispatch;

import io.posthorn.config.DispatchConfig;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.TargetUrl;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt under way: look-up, connection, request, answer, all under one deadline. Whatever ends it first is its
 * outcome; then the stream is reset unless its answer was read to the end. Verticle context.
 */
final class Exchange implements UnderWay.Timed {
    private static final int FIRST_FINAL_STATUS = 200;
    private static final int LAST_STATUS = 599;

    private final ClaimedDelivery delivery;
    private final Target target;
    private final HttpClient client;
    private final EgressGuard guard;
    private final AttemptHeaders headers;
    private final InstantSource clock;
    private final DispatchConfig config;
    private final long startedNanos = System.nanoTime();

    private final Promise<AttemptOutcome> outcome = Promise.promise();
    private @Nullable Buffer body;
    private @Nullable HttpClientRequest request;
    private int statusCode;
    private @Nullable Duration usedUpFor;
    private boolean over;

    Exchange(
            ClaimedDelivery delivery,
            Target target,
            HttpClient client,
            EgressGuard guard,
            AttemptHeaders headers,
            InstantSource clock,
            DispatchConfig config) {
        this.delivery = delivery;
        this.target = target;
        this.client = client;
        this.guard = guard;
        this.headers = headers;
        this.clock = clock;
        this.config = config;
    }

    /** Never fails. */
    Future<AttemptOutcome> outcome() {
        return outcome.future();
    }

    @Override
    public void abort() {
        end(new AttemptOutcome.Aborted(), false);
    }

    @Override
    public void expire() {
        end(new AttemptOutcome.TimedOut(statusCode, "timeout after " + limit().toMillis() + " ms"), false);
    }

    /** How long it may take: what its endpoint says, at most what the node is set to. */
    Duration limit() {
        @Nullable Duration own = delivery.endpoint().sending().timeout();
        return own == null || own.compareTo(config.timeout()) > 0 ? config.timeout() : own;
    }

    @Override
    public EndpointId endpoint() {
        return delivery.key().endpoint();
    }

    @Override
    public long startedNanos() {
        return startedNanos;
    }

    void start() {
        @Nullable TargetUrl url = target.url();
        if (url == null) {
            end(new AttemptOutcome.Blocked(), true);
            return;
        }
        guard.routeTo(url).onComplete(found -> {
            EgressGuard.Route route = found.succeeded() ? found.result() : new EgressGuard.Route.Blocked();
            if (route instanceof EgressGuard.Route.Open open) {
                connect(url, open.addresses(), 0);
            } else if (route instanceof EgressGuard.Route.Unknown unknown) {
                end(new AttemptOutcome.Failed(0, unknown.reason()), true);
            } else {
                end(new AttemptOutcome.Blocked(), true);
            }
        });
    }

    private void connect(TargetUrl url, List<String> addresses, int index) {
        if (over) {
            return;
        }
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(url.port(), addresses.get(index)))
                .setHost(url.hostInAuthority())
                .setPort(url.port())
                .setSsl(url.isSsl())
                .setURI(url.requestUri())
                .setFollowRedirects(false)
                .setConnectTimeout(config.connectTimeout().toMillis());
        client.request(options).onComplete(connected -> {
            if (connected.succeeded()) {
                send(connected.result());
            } else if (index + 1 < addresses.size()) {
                connect(url, addresses, index + 1);
            } else {
                end(new AttemptOutcome.Failed(0, FailureText.of(connected.cause())), true);
            }
        });
    }

    private void send(HttpClientRequest ready) {
        request = ready;
        @Nullable Buffer payload = delivery.message().payload();
        if (over || payload == null) {
            reset();
            return;
        }
        try {
            headers.write(ready.headers(), target, delivery, payload, clock.instant());
        } catch (IllegalArgumentException unsigned) {
            end(new AttemptOutcome.Failed(0, "the endpoint has no usable signing key"), false);
            return;
        }
        ready.send(payload).onComplete(answered -> {
            if (answered.succeeded()) {
                read(answered.result());
            } else {
                end(new AttemptOutcome.Failed(statusCode, FailureText.of(answered.cause())), false);
            }
        });
    }

    private void read(HttpClientResponse response) {
        response.exceptionHandler(cause -> end(new AttemptOutcome.Failed(statusCode, FailureText.of(cause)), false));
        int status = response.statusCode();
        if (status < FIRST_FINAL_STATUS || status > LAST_STATUS) {
            // The client takes some interim answers for final ones; the rest of the answer must not reach another
            // attempt.
            end(new AttemptOutcome.Failed(0, "the answer has no final status"), false);
            return;
        }
        statusCode = status;
        usedUpFor = ReceiverQuota.usedUpFor(response.headers(), clock.instant());
        @Nullable String retryAfter = response.getHeader("retry-after");
        response.handler(chunk -> take(chunk, retryAfter));
        response.endHandler(
                ended -> end(new AttemptOutcome.Answered(statusCode, retryAfter, body(), false, usedUpFor), true));
    }

    private void take(Buffer chunk, @Nullable String retryAfter) {
        Buffer sofar = body();
        int room = config.maxResponseBytes() - sofar.length();
        if (chunk.length() <= room) {
            body = sofar.appendBuffer(chunk);
        } else if (!over) {
            Buffer beginning = sofar.appendBuffer(chunk, 0, room);
            end(new AttemptOutcome.Answered(statusCode, retryAfter, beginning, true, usedUpFor), false);
        }
    }

    private Buffer body() {
        return body == null ? Buffer.buffer() : body;
    }

    private void end(AttemptOutcome result, boolean streamIsOver) {
        if (over) {
            return;
        }
        over = true;
        if (!streamIsOver) {
            reset();
        }
        outcome.complete(result);
    }

    private void reset() {
        if (request != null) {
            // A stream that is gone already refuses, which is as good.
            request.reset().onComplete(ignored -> {});
        }
    }
}
