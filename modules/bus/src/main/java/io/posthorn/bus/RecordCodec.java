package io.posthorn.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Passes an immutable record by reference inside the process and as CBOR to others. */
final class RecordCodec<T> implements MessageCodec<T, T> {
    private static final int LENGTH_BYTES = 4;

    private final Class<T> type;

    RecordCodec(Class<T> type) {
        this.type = type;
    }

    static String nameOf(Class<?> type) {
        return "posthorn:" + type.getName();
    }

    @Override
    public void encodeToWire(Buffer buffer, T value) {
        byte[] bytes = WireFormat.encode(type, value);
        buffer.appendInt(bytes.length).appendBytes(bytes);
    }

    @Override
    public T decodeFromWire(int position, Buffer buffer) {
        int start = position + LENGTH_BYTES;
        return WireFormat.decode(type, buffer.getBytes(start, start + buffer.getInt(position)));
    }

    @Override
    public T transform(T value) {
        return value;
    }

    @Override
    public String name() {
        return nameOf(type);
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
