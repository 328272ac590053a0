package io.posthorn.dispatch;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointSecret;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Signs attempts (Standard Webhooks 1.0): the bytes {@code id.timestamp.payload}, with every secret that signs at the
 * time of the attempt, in the stored order. One for each event loop.
 */
final class Signer {
    private static final int SCRATCH_BYTES = 64 * 1024;

    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final PerEndpoint<List<SigningKey>> prepared = new PerEndpoint<>(Signer::keysOf);

    /**
     * The value of {@code webhook-signature}.
     *
     * @throws IllegalArgumentException when no secret signs at that time, or one cannot be used
     */
    String sign(Endpoint endpoint, String id, Instant at, Buffer payload) {
        List<SigningKey> keys = prepared.of(endpoint);
        byte[] prefix = (id + '.' + at.getEpochSecond() + '.').getBytes(StandardCharsets.UTF_8);
        byte[] bytes = bytesOf(payload);
        StringBuilder signatures = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            if (endpoint.secrets().get(i).signsAt(at)) {
                signatures
                        .append(signatures.length() == 0 ? "" : " ")
                        .append(keys.get(i).sign(prefix, bytes, payload.length()));
            }
        }
        if (signatures.length() == 0) {
            throw new IllegalArgumentException("no secret signs");
        }
        return signatures.toString();
    }

    /** An array that begins with the payload; the same one for all that are not large. */
    private byte[] bytesOf(Buffer payload) {
        if (payload.length() > scratch.length) {
            return payload.getBytes();
        }
        payload.getBytes(scratch);
        return scratch;
    }

    private static List<SigningKey> keysOf(Endpoint endpoint) {
        List<SigningKey> keys = new ArrayList<>();
        for (EndpointSecret secret : endpoint.secrets()) {
            keys.add(SigningKey.of(secret));
        }
        return keys;
    }
}
