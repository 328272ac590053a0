package io.posthorn.dispatch;

import io.posthorn.config.DispatchConfig;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.TargetUrl;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt under way: token, where its endpoint wants one, look-up, connection, request, answer, all under one
 * deadline. Whatever ends it first is its outcome; then the stream is reset unless its answer was read to the end. Verticle context.
 */
final class Exchange implements UnderWay.Timed, Dialer.Caller {
    /** Their bytes are bounded too, by the client. */
    private static final int MOST_HEADERS = 256;

    private static final int FIRST_FINAL_STATUS = 200;
    private static final int LAST_STATUS = 599;
    private static final int UNAUTHORIZED = 401;

    private final ClaimedDelivery delivery;
    private final Target target;
    private final Dialer dialer;
    private final AttemptHeaders headers;
    private final AccessTokens tokens;
    private final InstantSource clock;
    private final DispatchConfig config;
    private final long startedNanos = System.nanoTime();

    private final Promise<AttemptOutcome> outcome = Promise.promise();
    private @Nullable Buffer body;
    private @Nullable Link link;
    private int statusCode;
    private @Nullable Duration usedUpFor;
    private AccessTokens.@Nullable AccessToken token;
    private boolean awaitsToken;
    private boolean over;

    Exchange(
            ClaimedDelivery delivery,
            Target target,
            Dialer dialer,
            AttemptHeaders headers,
            AccessTokens tokens,
            InstantSource clock,
            DispatchConfig config) {
        this.delivery = delivery;
        this.target = target;
        this.dialer = dialer;
        this.headers = headers;
        this.tokens = tokens;
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
        String where = awaitsToken ? ", waiting for the token endpoint" : "";
        end(new AttemptOutcome.TimedOut(statusCode, "timeout after " + limit().toMillis() + " ms" + where), false);
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
        EndpointAuth.@Nullable OAuth2 credentials = target.credentials();
        if (url == null) {
            end(new AttemptOutcome.Blocked(), true);
        } else if (credentials == null) {
            dialer.dial(url, delivery.endpoint().sending().tls(), this);
        } else {
            awaitsToken = true;
            tokens.of(credentials).onComplete(given -> {
                awaitsToken = false;
                if (given.succeeded()) {
                    token = given.result();
                    dialer.dial(url, delivery.endpoint().sending().tls(), this);
                } else {
                    end(
                            new AttemptOutcome.Failed(
                                    0, String.valueOf(given.cause().getMessage())),
                            true);
                }
            });
        }
    }

    @Override
    public long leftMillis() {
        long left = limit().toNanos() - (System.nanoTime() - startedNanos);
        return over ? 0 : Math.max(0, TimeUnit.NANOSECONDS.toMillis(left));
    }

    @Override
    public void unreachable(AttemptOutcome why) {
        end(why, true);
    }

    @Override
    public void connected(Link ready) {
        @Nullable Buffer payload = delivery.message().payload();
        if (over || payload == null) {
            ready.discard(config.timeout());
            return;
        }
        try {
            headers.write(ready.request().headers(), target, delivery, payload, clock.instant());
        } catch (IllegalArgumentException unsigned) {
            ready.discard(config.timeout());
            end(new AttemptOutcome.Failed(0, "the endpoint has no usable signing key"), true);
            return;
        }
        if (token != null) {
            ready.request().headers().set(HttpHeaders.AUTHORIZATION, "Bearer " + token.value());
        }
        link = ready;
        ready.request().send(payload).onComplete(answered -> {
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
        if (status == UNAUTHORIZED && token != null && target.credentials() != null) {
            tokens.refused(target.credentials(), token);
        }
        if (count(response.headers()) > MOST_HEADERS) {
            end(new AttemptOutcome.Failed(status, "the answer has too many headers"), false);
            return;
        }
        usedUpFor = ReceiverQuota.usedUpFor(response.headers(), clock.instant());
        @Nullable String retryAfter = response.getHeader("retry-after");
        response.handler(chunk -> take(chunk, retryAfter));
        response.endHandler(
                ended -> end(new AttemptOutcome.Answered(statusCode, retryAfter, body(), false, usedUpFor), true));
    }

    /** Every line: the size of a map is that of its names, and dear. */
    private static int count(MultiMap headers) {
        int[] lines = {0};
        headers.forEach((name, value) -> lines[0]++);
        return lines[0];
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
        if (link != null) {
            if (streamIsOver) {
                link.release();
            } else {
                link.reset();
            }
        }
        outcome.complete(result);
    }
}
