package io.posthorn.dispatch;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.EndpointSecret;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signs attempts (Standard Webhooks 1.0): the bytes {@code id.timestamp.payload}, with every secret that signs at the
 * time of the attempt, in the stored order. Keeps the keys of the {@value #MAX_CACHED} endpoints used last. One for each
 * event loop.
 */
final class Signer {
    private static final int MAX_CACHED = 4096;

    private final Map<EndpointId, Prepared> cache = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EndpointId, Prepared> eldest) {
            return size() > MAX_CACHED;
        }
    };

    private record Prepared(long version, List<SigningKey> keys) {}

    /**
     * The value of {@code webhook-signature}.
     *
     * @throws IllegalArgumentException when no secret signs at that time, or one cannot be used
     */
    String sign(Endpoint endpoint, String id, Instant at, Buffer payload) {
        List<SigningKey> keys = keysOf(endpoint);
        byte[] prefix = (id + '.' + at.getEpochSecond() + '.').getBytes(StandardCharsets.UTF_8);
        byte[] bytes = payload.getBytes();
        StringBuilder signatures = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            if (endpoint.secrets().get(i).signsAt(at)) {
                signatures
                        .append(signatures.length() == 0 ? "" : " ")
                        .append(keys.get(i).sign(prefix, bytes));
            }
        }
        if (signatures.length() == 0) {
            throw new IllegalArgumentException("no secret signs");
        }
        return signatures.toString();
    }

    private List<SigningKey> keysOf(Endpoint endpoint) {
        @Nullable Prepared prepared = cache.get(endpoint.id());
        if (prepared == null || prepared.version() != endpoint.version()) {
            List<SigningKey> keys = new ArrayList<>();
            for (EndpointSecret secret : endpoint.secrets()) {
                keys.add(SigningKey.of(secret));
            }
            prepared = new Prepared(endpoint.version(), keys);
            cache.put(endpoint.id(), prepared);
        }
        return prepared.keys();
    }
}
