package io.posthorn.validation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.CheckOutcome;
import io.posthorn.contract.MessageDraft;
import io.posthorn.contract.Problem;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/**
 * Checks the body of a message in one pass over its bytes. The payload is not decoded: where it stands in the body is
 * noted, and those bytes are what receivers get. One thread.
 */
final class MessageCheck {
    /** The longest number, in characters; longer ones cost more than they can mean. */
    private static final int MAX_NUMBER = 1_000;

    private static final int MAX_NAME = 1_024;
    private static final int SCRATCH_BYTES = 64 * 1024;

    private final ValidationConfig config;
    private final Duration retention;
    private final JsonFactory json;
    private final byte[] scratch = new byte[SCRATCH_BYTES];

    MessageCheck(ValidationConfig config, Duration retention) {
        this.config = config;
        this.retention = retention;
        this.json = new JsonFactoryBuilder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        // The body's own object is one level more than the payload's.
                        .maxNestingDepth(config.maxDepth() + 1)
                        .maxNumberLength(MAX_NUMBER)
                        .maxNameLength(MAX_NAME)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    CheckOutcome check(MessageDraft draft) {
        int length = draft.body().length();
        byte[] bytes = bytesOf(draft.body());
        if (!Utf8.isValid(bytes, length)) {
            return rejected(Problem.unreadable("UTF-8 was expected", "body"));
        }
        MessageFields fields = new MessageFields(draft.body(), config.maxPayloadBytes(), retention);
        try (JsonParser parser = json.createParser(bytes, 0, length)) {
            fields.read(parser);
        } catch (StreamConstraintsException e) {
            return rejected(Problem.value(
                    "at most " + config.maxDepth() + " levels of nesting, numbers of at most " + MAX_NUMBER
                            + " and names of at most " + MAX_NAME + " characters were expected" + at(e),
                    "body"));
        } catch (JsonProcessingException e) {
            return rejected(Problem.unreadable("JSON was expected: " + e.getOriginalMessage() + at(e), "body"));
        } catch (IOException e) {
            throw new UncheckedIOException("reading an array failed", e);
        }
        return fields.outcome();
    }

    /** An array that begins with the body; the same one for all that are not large. */
    private byte[] bytesOf(Buffer body) {
        if (body.length() > scratch.length) {
            return body.getBytes();
        }
        body.getBytes(scratch);
        return scratch;
    }

    private static CheckOutcome rejected(Problem problem) {
        return new CheckOutcome.Rejected(List.of(problem));
    }

    private static String at(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
