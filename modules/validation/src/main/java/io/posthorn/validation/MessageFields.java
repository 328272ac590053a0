package io.posthorn.validation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.posthorn.contract.CheckOutcome;
import io.posthorn.contract.Problem;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of one message, gathered while the parser passes them. */
final class MessageFields {
    private final Buffer body;
    private final JsonParser parser;
    private final int maxPayloadBytes;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> channels = new LinkedHashSet<>();
    private boolean typeSeen;
    private boolean payloadSeen;
    private @Nullable String eventType;
    private @Nullable String eventId;
    private @Nullable Buffer payload;
    private @Nullable Buffer rawPayload;
    private @Nullable String application;
    private @Nullable Duration retention;

    MessageFields(Buffer body, JsonParser parser, int maxPayloadBytes) {
        this.body = body;
        this.parser = parser;
        this.maxPayloadBytes = maxPayloadBytes;
    }

    /** Reads the value of a field of the top level. */
    void read(String field) throws IOException {
        JsonToken token = parser.nextToken();
        switch (field) {
            case "eventType" -> {
                typeSeen = true;
                eventType = name(token, 256, field);
            }
            case "eventId" -> {
                eventId = token == JsonToken.VALUE_NULL ? null : name(token, 256, field);
                if (eventId != null && eventId.startsWith("msg_")) {
                    problems.add(Problem.value("must not start with msg_", "body", field));
                }
            }
            case "payload", "data" -> payload(token, field);
            case "channels" -> channels(token);
            case "payloadRetentionPeriod" -> retention(token);
            case "transformationsParams" -> raw(token);
            case "application" -> application = token == JsonToken.VALUE_NULL ? null : text(object(token, field));
            default -> parser.skipChildren();
        }
    }

    CheckOutcome outcome(Duration defaultRetention) {
        if (!typeSeen) {
            problems.add(Problem.unreadable("missing", "body", "eventType"));
        }
        if (!payloadSeen) {
            problems.add(Problem.unreadable("missing", "body", "payload"));
        }
        Buffer sent = rawPayload == null ? payload : rawPayload;
        if (sent != null && sent.length() > maxPayloadBytes) {
            problems.add(new Problem(
                    List.of("body", "payload"), "expected at most " + maxPayloadBytes + " bytes", "payload_too_large"));
        }
        if (!problems.isEmpty() || eventType == null || sent == null) {
            return new CheckOutcome.Rejected(problems);
        }
        return new CheckOutcome.Checked(
                eventType, eventId, channels, sent, retention == null ? defaultRetention : retention, application);
    }

    private void payload(JsonToken token, String field) throws IOException {
        if (payloadSeen) {
            problems.add(Problem.value("payload and data are one field, given twice", "body", field));
        }
        payloadSeen = true;
        payload = object(token, field);
    }

    private @Nullable Buffer object(JsonToken token, String field) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            problems.add(Problem.unreadable("expected an object", "body", field));
            parser.skipChildren();
            return null;
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        return body.slice(start, (int) parser.currentLocation().getByteOffset());
    }

    private static @Nullable String text(@Nullable Buffer bytes) {
        return bytes == null ? null : bytes.toString(StandardCharsets.UTF_8);
    }

    private @Nullable String name(JsonToken token, int maxChars, String... place) throws IOException {
        if (token != JsonToken.VALUE_STRING) {
            problems.add(Problem.unreadable("expected a string", at(place)));
            parser.skipChildren();
            return null;
        }
        String text = parser.getText();
        if (!FieldRules.isName(text, maxChars)) {
            problems.add(Problem.value(
                    "expected 1 to " + maxChars + " characters of a-z, A-Z, 0-9, '-', '_' and '.'", at(place)));
            return null;
        }
        return text;
    }

    private static String[] at(String... place) {
        String[] full = new String[place.length + 1];
        full[0] = "body";
        System.arraycopy(place, 0, full, 1, place.length);
        return full;
    }

    private void channels(JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.START_ARRAY) {
            problems.add(Problem.unreadable("expected an array", "body", "channels"));
            parser.skipChildren();
            return;
        }
        int count = 0;
        for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
            if (count++ < 5) {
                String channel = name(item, 128, "channels", "[" + (count - 1) + "]");
                if (channel != null) {
                    channels.add(channel);
                }
            } else {
                parser.skipChildren();
            }
        }
        if (count < 1 || count > 5) {
            problems.add(Problem.value("expected 1 to 5 items", "body", "channels"));
        }
    }

    private void retention(JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        boolean number = token == JsonToken.VALUE_NUMBER_INT;
        int days = number && parser.getNumberType() == JsonParser.NumberType.INT ? parser.getIntValue() : 0;
        if (days < 5 || days > 90) {
            problems.add(Problem.value("expected 5 to 90 (days)", "body", "payloadRetentionPeriod"));
            parser.skipChildren();
            return;
        }
        retention = Duration.ofDays(days);
    }

    private void raw(JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            if (token != JsonToken.VALUE_NULL) {
                problems.add(Problem.unreadable("expected an object", "body", "transformationsParams"));
            }
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = "rawPayload".equals(parser.currentName());
            JsonToken value = parser.nextToken();
            if (wanted && value == JsonToken.VALUE_STRING) {
                rawPayload = Buffer.buffer(parser.getText());
            } else if (wanted && value != JsonToken.VALUE_NULL) {
                problems.add(Problem.unreadable("expected a string", "body", "transformationsParams", "rawPayload"));
            }
            parser.skipChildren();
        }
    }
}
