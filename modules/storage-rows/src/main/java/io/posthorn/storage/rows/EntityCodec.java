package io.posthorn.storage.rows;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.EventType;
import java.io.IOException;
import java.util.Arrays;

/** Entities as they are stored: a byte for the kind, then CBOR by field name, so that later versions may add fields. */
public final class EntityCodec {
    private EntityCodec() {}

    /** Writes one. */
    public static byte[] encode(Entity entity) throws IOException {
        byte[] body = RowMapper.CBOR.writeValueAsBytes(entity);
        byte[] row = new byte[body.length + 1];
        row[0] = (byte) kind(entity);
        System.arraycopy(body, 0, row, 1, body.length);
        return row;
    }

    /** Reads one, of this or a neighbouring version. */
    public static Entity decode(byte[] row) throws IOException {
        byte[] body = Arrays.copyOfRange(row, 1, row.length);
        return switch ((char) row[0]) {
            case 'A' -> RowMapper.CBOR.readValue(body, Application.class);
            case 'E' -> RowMapper.CBOR.readValue(body, Endpoint.class);
            case 'T' -> RowMapper.CBOR.readValue(body, EventType.class);
            default -> throw new IOException("an entity of unknown kind " + row[0]);
        };
    }

    private static char kind(Entity entity) {
        if (entity instanceof Application) {
            return 'A';
        }
        return entity instanceof Endpoint ? 'E' : 'T';
    }
}
