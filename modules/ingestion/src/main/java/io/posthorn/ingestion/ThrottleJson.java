package io.posthorn.ingestion;

import io.posthorn.contract.Throttle;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads and writes the limit of an endpoint. */
final class ThrottleJson {
    private static final String NAME = "throttle";

    private ThrottleJson() {}

    /** The field {@code throttle}; null where it is null, or has a problem, which is noted. */
    static @Nullable Throttle read(Fields fields) {
        JsonObject json = fields.object(NAME);
        if (json == null) {
            return null;
        }
        Integer permits = fields.requiredInteger(json, NAME, "permits", Throttle.MAX_PERMITS);
        Integer window = fields.requiredInteger(json, NAME, "windowSeconds", (int) Throttle.MAX_WINDOW.toSeconds());
        Integer burst = json.getValue("burst") == null
                ? permits
                : fields.requiredInteger(json, NAME, "burst", Throttle.MAX_PERMITS);
        return permits == null || window == null || burst == null
                ? null
                : new Throttle(permits, Duration.ofSeconds(window), burst);
    }

    static void write(@Nullable Throttle throttle, JsonObject endpoint) {
        if (throttle != null) {
            endpoint.put(
                    NAME,
                    new JsonObject()
                            .put("permits", throttle.permits())
                            .put("windowSeconds", throttle.window().toSeconds())
                            .put("burst", throttle.burst()));
        }
    }
}
