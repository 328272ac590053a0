package io.posthorn.bus;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/**
 * Times on the wire: nanoseconds as one integer, those of an instant since 1970. What does not fit into 64 bits (beyond the
 * year 2262, or 292 years) is its text by ISO 8601.
 */
final class WireTimes {
    private static final long NANOS = 1_000_000_000L;

    /** With room for the nanoseconds of the last second. */
    private static final long MOST_SECONDS = Long.MAX_VALUE / NANOS - 1;

    private WireTimes() {}

    static SimpleModule module() {
        return new SimpleModule("times")
                .addSerializer(Instant.class, new InstantSerializer())
                .addDeserializer(Instant.class, new InstantDeserializer())
                .addSerializer(Duration.class, new DurationSerializer())
                .addDeserializer(Duration.class, new DurationDeserializer());
    }

    private static void write(JsonGenerator out, long seconds, int nanos, Object whole) throws IOException {
        if (-MOST_SECONDS <= seconds && seconds <= MOST_SECONDS) {
            out.writeNumber(seconds * NANOS + nanos);
        } else {
            out.writeString(whole.toString());
        }
    }

    private static final class InstantSerializer extends JsonSerializer<Instant> {
        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            write(out, value.getEpochSecond(), value.getNano(), value);
        }
    }

    private static final class DurationSerializer extends JsonSerializer<Duration> {
        @Override
        public void serialize(Duration value, JsonGenerator out, SerializerProvider provider) throws IOException {
            write(out, value.getSeconds(), value.getNano(), value);
        }
    }

    private static final class InstantDeserializer extends JsonDeserializer<Instant> {
        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (in.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                long nanos = in.getLongValue();
                return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
            }
            try {
                return Instant.parse(in.getValueAsString(""));
            } catch (DateTimeException e) {
                throw context.weirdStringException(
                        in.getValueAsString(""), Instant.class, String.valueOf(e.getMessage()));
            }
        }
    }

    private static final class DurationDeserializer extends JsonDeserializer<Duration> {
        @Override
        public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (in.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                return Duration.ofNanos(in.getLongValue());
            }
            try {
                return Duration.parse(in.getValueAsString(""));
            } catch (DateTimeException e) {
                throw context.weirdStringException(
                        in.getValueAsString(""), Duration.class, String.valueOf(e.getMessage()));
            }
        }
    }
}
