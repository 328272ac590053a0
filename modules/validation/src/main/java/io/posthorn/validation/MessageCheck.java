package io.posthorn.validation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.CheckOutcome;
import io.posthorn.contract.Problem;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/**
 * Checks the body of a message in one pass over its bytes, without a tree: what it keeps is small whatever the body
 * holds. Safe for any thread.
 */
final class MessageCheck {
    private static final int MAX_NUMBER_CHARS = 1000;
    private final ValidationConfig config;
    private final Duration retention;
    private final JsonFactory json;

    /** @param retention how long a payload is kept that does not say so itself */
    MessageCheck(ValidationConfig config, Duration retention) {
        this.config = config;
        this.retention = retention;
        this.json = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(config.maxDepth() + 1)
                        .maxNumberLength(MAX_NUMBER_CHARS)
                        .build())
                .build();
    }

    CheckOutcome check(Buffer body) {
        byte[] bytes = body.getBytes();
        int invalid = Utf8.firstInvalid(bytes);
        if (invalid >= 0) {
            return rejected(Problem.unreadable("expected UTF-8, byte " + invalid + " is not", "body"));
        }
        try (JsonParser parser = json.createParser(bytes)) {
            return check(body, parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array of bytes does not fail to be read
        }
    }

    private CheckOutcome check(Buffer body, JsonParser parser) throws IOException {
        MessageFields fields = new MessageFields(body, parser, config.maxPayloadBytes());
        try {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return rejected(Problem.unreadable("expected a JSON object", "body"));
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                fields.read(parser.currentName());
            }
            if (parser.nextToken() != null) {
                return rejected(Problem.unreadable("expected nothing after the object", "body"));
            }
        } catch (JsonProcessingException e) {
            return rejected(Problem.unreadable(text(e), "body"));
        }
        return fields.outcome(retention);
    }

    private String text(JsonProcessingException e) {
        String where = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        String what = String.valueOf(e.getOriginalMessage());
        if (e instanceof StreamConstraintsException) {
            if (what.contains("nesting depth")) {
                return "expected at most " + config.maxDepth() + " levels of nesting";
            }
            return what.contains("Number") ? "expected numbers of at most 1000 digits" : "a name or text is too long";
        }
        return what.startsWith("Duplicate field")
                ? "a key stands twice in one object" + where
                : "malformed JSON" + where;
    }

    private static CheckOutcome rejected(Problem problem) {
        return new CheckOutcome.Rejected(List.of(problem));
    }
}
