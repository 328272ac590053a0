package io.posthorn.storage.redis;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.storage.rows.EntityCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Entities as Redis keeps them: what scripts must read of them as text (version, length of the uid in bytes, uid, a
 * blank behind each), then the record.
 */
final class EntityRow {
    private EntityRow() {}

    static byte[] encode(Entity entity) {
        try {
            String uid = uid(entity);
            byte[] bareUid = uid == null ? new byte[0] : uid.getBytes(StandardCharsets.UTF_8);
            byte[] head = (entity.version() + " " + bareUid.length + " ").getBytes(StandardCharsets.US_ASCII);
            byte[] record = EntityCodec.encode(entity);
            byte[] row = Arrays.copyOf(head, head.length + bareUid.length + 1 + record.length);
            System.arraycopy(bareUid, 0, row, head.length, bareUid.length);
            row[head.length + bareUid.length] = ' ';
            System.arraycopy(record, 0, row, head.length + bareUid.length + 1, record.length);
            return row;
        } catch (IOException e) {
            throw new IllegalStateException("an entity that cannot be written", e);
        }
    }

    static Entity decode(byte[] row) {
        try {
            int afterVersion = blank(row, 0) + 1;
            int afterLength = blank(row, afterVersion) + 1;
            int uid = Integer.parseInt(
                    new String(row, afterVersion, afterLength - 1 - afterVersion, StandardCharsets.US_ASCII));
            return EntityCodec.decode(Arrays.copyOfRange(row, afterLength + uid + 1, row.length));
        } catch (IOException | RuntimeException e) {
            throw new PosthornException(ErrorCode.STORE_UNAVAILABLE, "an entity in the store cannot be read", e);
        }
    }

    /** The other name of an application or endpoint. */
    static @Nullable String uid(Entity entity) {
        if (entity instanceof Application application) {
            return application.uid();
        }
        return entity instanceof Endpoint endpoint ? endpoint.uid() : null;
    }

    private static int blank(byte[] row, int from) throws IOException {
        for (int i = from; i < row.length; i++) {
            if (row[i] == ' ') {
                return i;
            }
        }
        throw new IOException("a row without a head");
    }
}
