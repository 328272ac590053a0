package io.posthorn.dispatch;

import io.posthorn.dispatch.AccessTokens.AccessToken;
import io.posthorn.dispatch.AccessTokens.TokenRefused;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a token endpoint answers (RFC 6749 sections 5.1 and 5.2). Shows nothing of it but known error codes. */
final class TokenAnswer {
    private static final int MAX_TOKEN = 8 * 1024;
    private static final Set<String> ERRORS = Set.of(
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope",
            "invalid_target",
            "access_denied",
            "server_error",
            "temporarily_unavailable");

    private TokenAnswer() {}

    /** @throws TokenRefused when it holds no token that can be used */
    static AccessToken read(int status, Buffer body) {
        @Nullable JsonObject json = object(body);
        if (status < 200 || status > 299) {
            boolean known = json != null && json.getValue("error") instanceof String error && ERRORS.contains(error);
            String code = known && json != null ? " (" + json.getString("error") + ")" : "";
            throw new TokenRefused("token endpoint answered " + status + code);
        }
        if (json == null) {
            throw new TokenRefused("token endpoint answered no JSON object");
        }
        if (!(json.getValue("access_token") instanceof String token) || !isToken(token)) {
            throw new TokenRefused("token endpoint answered without a usable access_token");
        }
        @Nullable Object type = json.getValue("token_type");
        if (type != null && !String.valueOf(type).equalsIgnoreCase("bearer")) {
            throw new TokenRefused("token endpoint answered with a token of another type than bearer");
        }
        return new AccessToken(token, validFor(json.getValue("expires_in")));
    }

    /** Seconds, be they a number or, as some write them, a text. Null when they are not there or not readable. */
    private static @Nullable Duration validFor(@Nullable Object seconds) {
        if (seconds instanceof Number number) {
            return capped(number.doubleValue());
        }
        try {
            return seconds instanceof String text ? capped(Double.parseDouble(text)) : null;
        } catch (NumberFormatException unreadable) {
            return null;
        }
    }

    private static @Nullable Duration capped(double seconds) {
        double longest = (double) AccessTokens.LONGEST.toSeconds();
        return Double.isNaN(seconds) ? null : Duration.ofSeconds((long) Math.max(0, Math.min(seconds, longest)));
    }

    private static boolean isToken(String token) {
        return !token.isEmpty() && token.length() <= MAX_TOKEN && token.chars().allMatch(c -> c > ' ' && c < 127);
    }

    private static @Nullable JsonObject object(Buffer body) {
        try {
            return body.toJsonObject();
        } catch (RuntimeException notAnObject) {
            return null;
        }
    }
}
