package io.posthorn.contract;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event to accept.
 *
 * @param application the application's id or uid
 * @param onlyEndpoint the one endpoint that gets it whatever its filters (an example or a replay), or null for all that
 *     want it
 * @param payload the bytes to deliver; neither caller nor storage changes them afterwards
 * @param retention how long the payload is kept at least
 */
public record NewMessage(
        MessageId id,
        OrganizationId organization,
        String application,
        String eventType,
        @Nullable String eventId,
        Set<String> channels,
        @Nullable EndpointId onlyEndpoint,
        Buffer payload,
        Duration retention,
        @Nullable IdempotencyKey idempotencyKey) {
    public NewMessage {
        channels = Copies.set(channels);
    }
}
