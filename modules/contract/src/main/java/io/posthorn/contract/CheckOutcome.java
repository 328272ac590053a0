package io.posthorn.contract;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The verdict on a {@link MessageDraft}. */
public sealed interface CheckOutcome {
    /**
     * It may be accepted.
     *
     * @param payload the bytes to deliver, exactly as they stood in the body
     * @param isObject whether the payload is one JSON object; a raw one may be anything
     * @param retention how long the payload is kept
     * @param application the JSON text of the application to make if there is none, or null
     * @param schemaDue whether the payload must still be held against a schema ({@link PayloadDraft}): its event type has
     *     one, or may have one by now
     */
    record Checked(
            String eventType,
            @Nullable String eventId,
            Set<String> channels,
            Buffer payload,
            boolean isObject,
            Duration retention,
            @Nullable String application,
            boolean schemaDue)
            implements CheckOutcome {
        public Checked {
            channels = Copies.set(channels);
        }

        /** The same, with a schema to come. */
        public Checked withSchemaDue() {
            return new Checked(eventType, eventId, channels, payload, isObject, retention, application, true);
        }
    }

    /** It may not; all that is wrong with it. */
    record Rejected(List<Problem> problems) implements CheckOutcome {
        public Rejected {
            problems = Copies.list(problems);
        }
    }
}
