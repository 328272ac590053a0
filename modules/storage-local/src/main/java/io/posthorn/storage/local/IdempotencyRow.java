package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Entity;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.MessageId;
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.rows.EntityCodec;
import io.posthorn.storage.rows.RowReader;
import io.posthorn.storage.rows.RowWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The row of {@link Table#IDEMPOTENCY}: what the request with a key made. Keys stand under the day of their request, so
 * that a whole day is forgotten by one deletion; they hold for one to two days.
 *
 * @param entity what a save made, or null where it was a message
 * @param application the message's application; null where it was a save
 * @param message the message; null where it was a save
 */
record IdempotencyRow(
        String bodyDigest,
        @Nullable Entity entity,
        @Nullable ApplicationId application,
        @Nullable MessageId message) {
    private static final byte OF_MESSAGE = 1;
    private static final byte OF_ENTITY = 2;

    static IdempotencyRow of(IdempotencyKey key, ApplicationId application, MessageId message) {
        return new IdempotencyRow(key.bodyDigest(), null, application, message);
    }

    static IdempotencyRow of(IdempotencyKey key, Entity entity) {
        return new IdempotencyRow(key.bodyDigest(), entity, null, null);
    }

    static IdempotencyRow of(StoredItem.OfKey moved) {
        return new IdempotencyRow(moved.key().bodyDigest(), moved.entity(), moved.application(), moved.message());
    }

    static int day(long now) {
        return (int) TimeUnit.MILLISECONDS.toDays(now);
    }

    static @Nullable IdempotencyRow find(OrderedMap map, IdempotencyKey key, long now) throws IOException {
        byte[] row = map.get(Table.IDEMPOTENCY, Keys.idempotency(day(now), key.digest()));
        if (row == null) {
            row = map.get(Table.IDEMPOTENCY, Keys.idempotency(day(now) - 1, key.digest()));
        }
        return row == null ? null : decode(row);
    }

    void put(IdempotencyKey key, long now, WriteSet writes) throws IOException {
        writes.put(Table.IDEMPOTENCY, Keys.idempotency(day(now), key.digest()), encode());
    }

    /** The row as another store can take it. */
    static StoredItem.OfKey item(byte[] key, byte[] row) throws IOException {
        IdempotencyRow made = decode(row);
        int day = ByteBuffer.wrap(key).getInt();
        String digest = Keys.text(key, Integer.BYTES, key.length - Integer.BYTES);
        return new StoredItem.OfKey(
                new IdempotencyKey(digest, made.bodyDigest()),
                Instant.ofEpochMilli(TimeUnit.DAYS.toMillis(day)),
                made.entity(),
                made.application(),
                made.message());
    }

    private byte[] encode() throws IOException {
        if (application != null && message != null) {
            return new RowWriter(OF_MESSAGE)
                    .text(bodyDigest)
                    .id(application.value())
                    .id(message.value())
                    .bytes();
        }
        if (entity == null) {
            throw new IllegalStateException("a request that made nothing");
        }
        return new RowWriter(OF_ENTITY)
                .text(bodyDigest)
                .block(EntityCodec.encode(entity))
                .bytes();
    }

    private static IdempotencyRow decode(byte[] row) throws IOException {
        RowReader in = new RowReader(row);
        String bodyDigest = in.text();
        if (in.version() == OF_ENTITY) {
            return new IdempotencyRow(bodyDigest, EntityCodec.decode(in.block()), null, null);
        }
        return new IdempotencyRow(
                bodyDigest,
                null,
                new ApplicationId(ApplicationId.PREFIX + in.id()),
                new MessageId(MessageId.PREFIX + in.id()));
    }
}
