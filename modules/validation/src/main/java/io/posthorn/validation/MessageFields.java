package io.posthorn.validation;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.posthorn.contract.CheckOutcome;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Problem;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of one message body as they are read, with all that is wrong with them. */
final class MessageFields {
    private static final String BODY = "body";
    private static final String TOO_LARGE = "payload_too_large";
    private static final int MAX_CHANNELS = 5;
    private static final int SLACK_BYTES = 1_024;
    private static final int MIN_RETENTION_DAYS = 5;
    private static final int MAX_RETENTION_DAYS = 90;

    private final Buffer body;
    private final int maxPayloadBytes;
    private final List<Problem> problems = new ArrayList<>(0);
    private @Nullable String eventType;
    private @Nullable String eventId;
    private Set<String> channels = Set.of();
    private @Nullable Buffer payload;
    private @Nullable Buffer rawPayload;
    private @Nullable String application;
    private Duration retention;
    private boolean payloadSeen;

    MessageFields(Buffer body, int maxPayloadBytes, Duration retention) {
        this.body = body;
        this.maxPayloadBytes = maxPayloadBytes;
        this.retention = retention;
    }

    /** Reads the whole body; fails where it is not JSON. */
    void read(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            problems.add(Problem.unreadable("a JSON object was expected", BODY));
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "eventType" -> eventType = string(parser, token, name);
                case "eventId" -> eventId = token == JsonToken.VALUE_NULL ? null : string(parser, token, name);
                case "channels" -> readChannels(parser, token);
                case "payload", "data" -> readPayload(parser, token, name);
                case "payloadRetentionPeriod" -> readRetention(parser, token, name);
                case "transformationsParams" -> readRawPayload(parser, token);
                case "application" -> readApplication(parser, token);
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "nothing may follow the object");
        }
        checkWhole();
    }

    CheckOutcome outcome() {
        Buffer content = rawPayload == null ? payload : rawPayload;
        if (!problems.isEmpty() || eventType == null || content == null) {
            return new CheckOutcome.Rejected(problems);
        }
        return new CheckOutcome.Checked(
                eventType, eventId, channels, content, rawPayload == null, retention, application, false);
    }

    private void checkWhole() {
        if (eventType == null) {
            missing("eventType");
        } else {
            FieldRules.safeName(eventType, FieldRules.MAX_NAME, problems, BODY, "eventType");
        }
        FieldRules.uid(eventId, MessageId.PREFIX, problems, BODY, "eventId");
        if (!payloadSeen && rawPayload == null) {
            missing("payload");
        }
        Buffer content = rawPayload == null ? payload : rawPayload;
        if (content != null && content.length() > maxPayloadBytes) {
            problems.add(new Problem(
                    List.of(BODY, "payload"),
                    "at most " + maxPayloadBytes + " bytes were expected, not " + content.length(),
                    TOO_LARGE));
        }
    }

    /** Adds that a required field is not there, unless something was said about it already. */
    private void missing(String field) {
        if (problems.stream().noneMatch(problem -> problem.place().equals(List.of(BODY, field)))) {
            problems.add(Problem.unreadable("this field is required", BODY, field));
        }
    }

    private @Nullable String string(JsonParser parser, JsonToken token, String... field) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        expected("a string", parser, field);
        return null;
    }

    private void readChannels(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.START_ARRAY) {
            expected("an array of strings", parser, "channels");
            return;
        }
        Set<String> read = new HashSet<>();
        int index = 0;
        for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
            String place = "[" + index + "]";
            String channel = string(parser, item, "channels", place);
            if (channel != null && index < MAX_CHANNELS) {
                FieldRules.safeName(channel, FieldRules.MAX_CHANNEL, problems, BODY, "channels", place);
                read.add(channel);
            }
            index++;
        }
        if (index < 1 || index > MAX_CHANNELS) {
            problems.add(Problem.value("1 to " + MAX_CHANNELS + " channels were expected", BODY, "channels"));
        }
        channels = read;
    }

    private void readPayload(JsonParser parser, JsonToken token, String name) throws IOException {
        if (payloadSeen) {
            problems.add(Problem.value("either payload or data was expected, not both", BODY, name));
        }
        payloadSeen = true;
        if (token != JsonToken.START_OBJECT) {
            expected("a JSON object", parser, name);
            return;
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        payload = ownBytes(body.slice(start, (int) parser.currentLocation().getByteOffset()));
    }

    /** The payload stays in memory for a while: a part of a body keeps all of it there, so a small part is copied out. */
    private Buffer ownBytes(Buffer part) {
        return body.length() > 2L * part.length() + SLACK_BYTES ? part.copy() : part;
    }

    private void readRetention(JsonParser parser, JsonToken token, String name) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.VALUE_NUMBER_INT) {
            expected("a whole number of days", parser, name);
            return;
        }
        boolean fits = parser.getNumberType() == JsonParser.NumberType.INT;
        int days = fits ? parser.getIntValue() : -1;
        if (days < MIN_RETENTION_DAYS || days > MAX_RETENTION_DAYS) {
            problems.add(Problem.value(
                    MIN_RETENTION_DAYS + " to " + MAX_RETENTION_DAYS + " days were expected", BODY, name));
        } else {
            retention = Duration.ofDays(days);
        }
    }

    private void readRawPayload(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.START_OBJECT) {
            expected("a JSON object", parser, "transformationsParams");
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("rawPayload") && value != JsonToken.VALUE_NULL) {
                String raw = string(parser, value, "transformationsParams", name);
                rawPayload = raw == null ? null : Buffer.buffer(raw);
                if (raw != null && raw.isEmpty()) {
                    problems.add(Problem.value("at least one byte was expected", BODY, "transformationsParams", name));
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readApplication(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.START_OBJECT) {
            expected("a JSON object", parser, "application");
            return;
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        application = body.getString(start, (int) parser.currentLocation().getByteOffset());
    }

    private void expected(String what, JsonParser parser, String... field) throws IOException {
        String[] place = new String[field.length + 1];
        place[0] = BODY;
        System.arraycopy(field, 0, place, 1, field.length);
        problems.add(Problem.unreadable(what + " was expected", place));
        parser.skipChildren();
    }
}
