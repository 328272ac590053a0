package io.posthorn.storage.rows;

import io.posthorn.contract.Circuit;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A circuit as bytes; fields of a newer version are passed over. Any thread. */
public final class CircuitCodec {
    private CircuitCodec() {}

    /** Writes one. */
    public static byte[] encode(Circuit circuit) {
        try {
            return RowMapper.CBOR.writeValueAsBytes(circuit);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Reads one, of this or a neighbouring version; throws an {@link UncheckedIOException} where it is none. */
    public static Circuit decode(byte[] bytes) {
        try {
            return RowMapper.CBOR.readValue(bytes, Circuit.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("a circuit that cannot be read", unreadable);
        }
    }
}
