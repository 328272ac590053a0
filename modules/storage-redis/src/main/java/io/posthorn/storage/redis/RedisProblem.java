package io.posthorn.storage.redis;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.vertx.redis.client.impl.types.ErrorType;
import java.security.cert.CertificateException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an error answer of Redis means. */
final class RedisProblem {
    /** The first word of an answer, and what it says to an operator. */
    private static final Map<String, String> UNAVAILABLE = Map.ofEntries(
            Map.entry("LOADING", "it is loading its data"),
            Map.entry("READONLY", "it is a replica and takes no changes"),
            Map.entry("OOM", "it is out of memory"),
            Map.entry("MISCONF", "it cannot write to its disk"),
            Map.entry("CLUSTERDOWN", "its cluster is down"),
            Map.entry("TRYAGAIN", "the slot of the cluster is being moved"),
            Map.entry("ASK", "the slot of the cluster is being moved"),
            Map.entry("MOVED", "the slot of the cluster was moved"),
            Map.entry("MASTERDOWN", "its primary is down"),
            Map.entry("NOREPLICAS", "too few replicas are connected"),
            Map.entry("BUSY", "a script runs too long"),
            Map.entry("WRONGTYPE", "a key of ours holds something else"),
            Map.entry("NOAUTH", "it wants a password"),
            Map.entry("WRONGPASS", "user or password is wrong"),
            Map.entry("NOPERM", "the user may not do what is needed"));

    private static final String CLOSED = "CONNECTION_CLOSED";

    private RedisProblem() {}

    /** Whether the answer begins with that word. */
    static boolean is(Throwable failure, String word) {
        return failure instanceof ErrorType error && word.equals(word(error));
    }

    /** Whether it is an answer of Redis at all, and not the loss of a connection, which the client tells in the same form. */
    static boolean isAnswer(Throwable failure) {
        return failure instanceof ErrorType error && !CLOSED.equals(error.getMessage());
    }

    /** What is to be told to a caller. */
    static PosthornException exception(Throwable failure) {
        String text = text(failure);
        return text == null
                ? new PosthornException(ErrorCode.INTERNAL, "the store failed", failure)
                : unavailable(text, failure);
    }

    /** What it says of Redis; null when it says nothing of its state. */
    static @Nullable String text(Throwable failure) {
        if (!isAnswer(failure) || !(failure instanceof ErrorType error)) {
            return "no connection: " + reason(failure);
        }
        // What a command answered inside a script stands behind the script's own words, or before them.
        String known = UNAVAILABLE.get(word(error));
        if (known == null) {
            for (Map.Entry<String, String> entry : UNAVAILABLE.entrySet()) {
                if (message(error).contains(": -" + entry.getKey() + " ")) {
                    known = entry.getValue();
                }
            }
        }
        return known == null ? null : "redis: " + known;
    }

    /** Of a connection that did not come about. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return "its certificate is not trusted, or not for this name (" + cause.getMessage() + ")";
            }
        }
        return String.valueOf(failure.getMessage());
    }

    static PosthornException unavailable(String why, @Nullable Throwable cause) {
        return new PosthornException(ErrorCode.STORE_UNAVAILABLE, "the store takes no changes now: " + why, cause);
    }

    private static String word(ErrorType error) {
        String message = message(error);
        int end = message.indexOf(' ');
        return end < 0 ? message : message.substring(0, end);
    }

    private static String message(ErrorType error) {
        String message = error.getMessage();
        return message == null ? "" : message;
    }
}
