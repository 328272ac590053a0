package io.posthorn.storage.rows;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.posthorn.contract.BackgroundTask;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A background task as it is stored: a version byte, then CBOR by field name, so that later versions may add fields.
 *
 * @param cursor where its next step goes on, in a form that is the engine's own; null at its beginning
 */
public record TaskRow(BackgroundTask task, @Nullable String cursor) {
    private static final byte VERSION = 1;
    private static final ObjectMapper MAPPER = CBORMapper.builder()
            .addModule(new JavaTimeModule())
            .addMixIn(BackgroundTask.Work.class, WorkByName.class)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Names the kinds of work. The names are part of the format. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = BackgroundTask.Recover.class, name = "recover"),
        @JsonSubTypes.Type(value = BackgroundTask.ReplayMissing.class, name = "replay-missing"),
        @JsonSubTypes.Type(value = BackgroundTask.CancelWaiting.class, name = "cancel-waiting")
    })
    private interface WorkByName {}

    /** Writes it. */
    public byte[] encode() throws IOException {
        byte[] body = MAPPER.writeValueAsBytes(this);
        byte[] row = new byte[body.length + 1];
        row[0] = VERSION;
        System.arraycopy(body, 0, row, 1, body.length);
        return row;
    }

    /** Reads one, of this or a neighbouring version. */
    public static TaskRow decode(byte[] row) throws IOException {
        return MAPPER.readValue(Arrays.copyOfRange(row, 1, row.length), TaskRow.class);
    }
}
