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
import org.jspecify.annotations.Nullable;

/**
 * One request for a token under way, from look-up to the end of the answer under one deadline of its own. Its failures say
 * what happened, and nothing of what the token endpoint wrote but the error codes of RFC 6749. Verticle context.
 */
final class TokenRequest implements Dialer.Caller {
    /** The most that is read of an answer. */
    static final int MAX_BYTES = 64 * 1024;

    private final TokenForm form;
    private final CharSequence userAgent;
    private final Promise<AccessToken> promise = Promise.promise();
    private final Buffer body = Buffer.buffer();
    private @Nullable HttpClientRequest request;
    private boolean over;

    private TokenRequest(TokenForm form, CharSequence userAgent) {
        this.form = form;
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
        TokenRequest asking = new TokenRequest(TokenForm.of(credentials), userAgent);
        TargetUrl url;
        try {
            url = TargetUrl.parse(credentials.tokenUrl());
        } catch (IllegalArgumentException notAUrl) {
            return Future.failedFuture(new TokenRefused("token endpoint: " + AttemptOutcome.Blocked.REASON));
        }
        long timer = timers.after(
                limit.toMillis(),
                () -> asking.fail("token endpoint did not answer within " + limit.toMillis() + " ms", false));
        dialer.dial(url, asking);
        return asking.promise.future().onComplete(answered -> timers.cancel(timer));
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void unreachable(AttemptOutcome outcome) {
        String why = outcome instanceof AttemptOutcome.Failed failed ? failed.reason() : AttemptOutcome.Blocked.REASON;
        fail("token endpoint: " + why, true);
    }

    @Override
    public void connected(HttpClientRequest ready) {
        request = ready;
        if (over) {
            reset();
            return;
        }
        ready.headers()
                .set(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded")
                .set(HttpHeaders.ACCEPT, "application/json")
                .set(HttpHeaders.USER_AGENT, userAgent);
        if (form.authorization() != null) {
            ready.headers().set(HttpHeaders.AUTHORIZATION, form.authorization());
        }
        ready.send(Buffer.buffer(form.body())).onComplete(answered -> {
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
        if (!streamIsOver) {
            reset();
        }
        promise.fail(new TokenRefused(why));
    }

    private void reset() {
        if (request != null) {
            // A stream that is gone already refuses, which is as good.
            request.reset().onComplete(ignored -> {});
        }
    }
}
