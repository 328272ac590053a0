package io.posthorn.dispatch;

import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.TargetUrl;
import io.posthorn.dispatch.AccessTokens.AccessToken;
import io.posthorn.dispatch.AccessTokens.TokenRefused;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request for a token under way, from look-up to the end of the answer under one deadline of its own. Its failures say
 * what happened, and nothing of what the token endpoint wrote but the error codes of RFC 6749. Verticle context.
 */
final class TokenRequest implements Dialer.Caller {
    /** The most that is read of an answer. */
    static final int MAX_BYTES = 64 * 1024;

    private final TokenForm form;
    private final Duration limit;
    private final CharSequence userAgent;
    private final long startedNanos = System.nanoTime();
    private final Promise<AccessToken> promise = Promise.promise();
    private final Buffer body = Buffer.buffer();
    private @Nullable Link link;
    private boolean over;

    private TokenRequest(TokenForm form, Duration limit, CharSequence userAgent) {
        this.form = form;
        this.limit = limit;
        this.userAgent = userAgent;
    }

    /**
     * Asks.
     *
     * @param limit how long it may take
     * @return fails with {@link TokenRefused}
     */
    static Future<AccessToken> send(
            EndpointAuth.OAuth2 credentials, Dialer dialer, Timers timers, Duration limit, CharSequence userAgent) {
        TokenRequest asking = new TokenRequest(TokenForm.of(credentials), limit, userAgent);
        TargetUrl url;
        try {
            url = TargetUrl.parse(credentials.tokenUrl());
        } catch (IllegalArgumentException notAUrl) {
            return Future.failedFuture(new TokenRefused("token endpoint: " + AttemptOutcome.Blocked.REASON));
        }
        long timer = timers.after(
                limit.toMillis(),
                () -> asking.fail("token endpoint did not answer within " + limit.toMillis() + " ms", false));
        dialer.dial(url, null, asking);
        return asking.promise.future().onComplete(answered -> timers.cancel(timer));
    }

    @Override
    public long leftMillis() {
        long left = limit.toNanos() - (System.nanoTime() - startedNanos);
        return over ? 0 : Math.max(0, TimeUnit.NANOSECONDS.toMillis(left));
    }

    @Override
    public void unreachable(AttemptOutcome outcome) {
        String why = outcome instanceof AttemptOutcome.Failed failed ? failed.reason() : AttemptOutcome.Blocked.REASON;
        fail("token endpoint: " + why, true);
    }

    @Override
    public void connected(Link ready) {
        if (over) {
            ready.discard(limit);
            return;
        }
        link = ready;
        HttpClientRequest request = ready.request();
        request.headers()
                .set(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded")
                .set(HttpHeaders.ACCEPT, "application/json")
                .set(HttpHeaders.USER_AGENT, userAgent);
        if (form.authorization() != null) {
            request.headers().set(HttpHeaders.AUTHORIZATION, form.authorization());
        }
        request.send(Buffer.buffer(form.body())).onComplete(answered -> {
            if (answered.succeeded()) {
                read(answered.result());
            } else {
                fail("token endpoint: " + FailureText.of(answered.cause()), false);
            }
        });
    }

    private void read(HttpClientResponse response) {
        response.handler(chunk -> {
            if (body.length() + chunk.length() > MAX_BYTES) {
                fail("token endpoint answered more than " + MAX_BYTES + " bytes", false);
            } else if (!over) {
                body.appendBuffer(chunk);
            }
        });
        response.exceptionHandler(cause -> fail("token endpoint: " + FailureText.of(cause), false));
        response.endHandler(ended -> answered(response.statusCode()));
    }

    private void answered(int status) {
        if (over) {
            return;
        }
        over = true;
        if (link != null) {
            link.release();
        }
        try {
            promise.complete(TokenAnswer.read(status, body));
        } catch (TokenRefused refused) {
            promise.fail(refused);
        }
    }

    private void fail(String why, boolean streamIsOver) {
        if (over) {
            return;
        }
        over = true;
        if (link != null && !streamIsOver) {
            link.reset();
        }
        promise.fail(new TokenRefused(why));
    }
}
