package io.posthorn.app.demo;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One request that reached the receiver.
 *
 * @param messageId the header {@code webhook-id}; empty if there was none
 * @param attempt which request with this id it is, from 1
 * @param body as it came
 * @param verified whether there was a secret to check the signature with
 * @param problem what is wrong with the signature; null if it verifies or was not checked
 */
public record Arrival(
        String messageId,
        int attempt,
        Buffer body,
        boolean verified,
        @Nullable String problem) {
    /** What the signature is, in words. */
    public String signature() {
        if (!verified) {
            return "signature not checked (no --secret)";
        }
        return problem == null ? "signature verified" : "SIGNATURE BAD: " + problem;
    }

    /** Whether it was checked and is right. */
    public boolean isGenuine() {
        return verified && problem == null;
    }
}
