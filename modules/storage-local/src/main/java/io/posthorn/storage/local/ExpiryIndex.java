package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.SortableId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The index by which retention finds what ends when. A row stands for all messages that an application took in one hour,
 * or all attempts that were made on an endpoint in one hour, some of which end in the hour of the row; so there is one
 * row an hour and owner, not one a message, and hardly any cost beside the message itself. An hour that was swept is
 * never looked at again: what would belong there is entered in one that is still to come. Store thread.
 */
final class ExpiryIndex {
    /** Length of a key: kind, hour, owner, hour of the rows. */
    static final int KEY = 1 + Integer.BYTES + Keys.ID + Integer.BYTES;

    private static final byte[] NO_VALUE = {1};
    private static final int MAX_KNOWN = 50_000;

    private final long attemptRetentionMillis;
    private final int[] swept = new int[Kind.values().length];

    /** Rows that this store has written since it was opened, and need not write again. */
    private final Set<Bucket> known = new HashSet<>();

    /** What ends. The order is part of the format. */
    enum Kind {
        /** owner is an endpoint, the hour that in which the attempts began. */
        ATTEMPTS,
        /** owner is an application, the hour that in which contents expire. */
        CONTENTS,
        /** owner is an application, the hour that in which contents expired. */
        RECORDS
    }

    /**
     * A row.
     *
     * @param hour the row's place in the order of ends, in hours since 1970
     * @param owner an id without its prefix
     * @param rows the hour, by their ids, of the messages or attempts that it stands for
     */
    record Bucket(Kind kind, int hour, String owner, int rows) {
        byte[] key() {
            return ByteBuffer.allocate(KEY)
                    .put(code(kind))
                    .putInt(hour)
                    .put(Keys.bytes(owner))
                    .putInt(rows)
                    .array();
        }

        static Bucket of(byte[] key) {
            ByteBuffer parts = ByteBuffer.wrap(key);
            Kind kind = kindOf(parts.get());
            int hour = parts.getInt();
            return new Bucket(
                    kind, hour, Keys.text(key, 1 + Integer.BYTES, Keys.ID), parts.getInt(KEY - Integer.BYTES));
        }

        /** The lowest key of its rows, where keys are the owner and the id. */
        byte[] from() {
            return rowsOf(owner, rows);
        }

        /** Behind the highest key of its rows. */
        byte[] to() {
            return rowsOf(owner, rows + 1);
        }
    }

    ExpiryIndex(OrderedMap map, long attemptRetentionMillis) throws IOException {
        this.attemptRetentionMillis = attemptRetentionMillis;
        for (Kind kind : Kind.values()) {
            byte[] stored = map.get(Table.META, sweptKey(kind));
            swept[code(kind)] = stored == null ? 0 : ByteBuffer.wrap(stored).getInt();
        }
    }

    static int hour(long millis) {
        return (int) Math.min(Integer.MAX_VALUE - 1, Math.max(0, TimeUnit.MILLISECONDS.toHours(millis)));
    }

    /** The first hour that is not to be swept yet: what ended in those before it may go. */
    int limit(Kind kind, long now) {
        return hour(kind == Kind.CONTENTS ? now : now - attemptRetentionMillis);
    }

    /** The hour before which everything was swept. */
    int swept(Kind kind) {
        return swept[code(kind)];
    }

    void sweptBefore(Kind kind, int hour, WriteSet writes) {
        swept[code(kind)] = hour;
        writes.put(
                Table.META,
                sweptKey(kind),
                ByteBuffer.allocate(Integer.BYTES).putInt(hour).array());
    }

    /** A message was stored. */
    void stored(Message message, long now, WriteSet writes) {
        enter(
                Kind.CONTENTS,
                hour(message.contentExpiresAt().toEpochMilli()),
                bare(message.application().value()),
                hour(message.createdAt().toEpochMilli()),
                now,
                writes);
    }

    /** An attempt was stored. */
    void stored(Attempt attempt, long now, WriteSet writes) {
        int hour = hour(SortableId.epochMillis(attempt.id().value()));
        enter(Kind.ATTEMPTS, hour, bare(attempt.delivery().endpoint().value()), hour, now, writes);
    }

    /** Enters a row, no earlier than in the first hour that is not being swept. */
    void enter(Kind kind, int hour, String owner, int rows, long now, WriteSet writes) {
        enter(kind, Math.max(hour, limit(kind, now)), owner, rows, writes);
    }

    /** Enters a row, maybe in an hour that is being swept: then that hour is to be looked at from its beginning. */
    void enter(Kind kind, int hour, String owner, int rows, WriteSet writes) {
        Bucket bucket = new Bucket(kind, Math.max(hour, swept(kind)), owner, rows);
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        if (known.add(bucket)) {
            writes.put(Table.EXPIRY, bucket.key(), NO_VALUE);
        }
    }

    /** Forgets which rows were written, so that a lost one is written again. */
    void trustNothing() {
        known.clear();
    }

    /** Removes a row whose end has come. */
    void remove(Bucket bucket, WriteSet writes) {
        known.remove(bucket);
        writes.delete(Table.EXPIRY, bucket.key());
    }

    /** The lowest key of that hour. */
    static byte[] from(Kind kind, int hour) {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .put(code(kind))
                .putInt(hour)
                .array();
    }

    /** Whether a row of that hour or a later one stands for these rows. */
    static boolean covers(RowView rows, Kind kind, int hour, String owner, int rowsHour) throws IOException {
        if (rows.get(Table.EXPIRY, new Bucket(kind, hour, owner, rowsHour).key()) != null) {
            return true;
        }
        boolean[] found = {false};
        rows.scan(Table.EXPIRY, from(kind, hour), from(kind, Integer.MAX_VALUE), false, (key, value) -> {
            Bucket bucket = Bucket.of(key);
            found[0] = bucket.owner().equals(owner) && bucket.rows() == rowsHour;
            return !found[0];
        });
        return found[0];
    }

    static String owner(ApplicationId application) {
        return bare(application.value());
    }

    static String owner(EndpointId endpoint) {
        return bare(endpoint.value());
    }

    private static byte[] rowsOf(String owner, int hour) {
        String lowest = SortableId.lowest("", TimeUnit.HOURS.toMillis(hour));
        return Keys.concat(Keys.bytes(owner), Keys.bytes(lowest));
    }

    private static String bare(String id) {
        return id.substring(id.length() - Keys.ID);
    }

    private static byte[] sweptKey(Kind kind) {
        return Keys.bytes("swept-" + kind.name());
    }

    @SuppressWarnings("EnumOrdinal") // see the enum; a test pins the order
    private static byte code(Kind kind) {
        return (byte) kind.ordinal();
    }

    private static Kind kindOf(byte code) {
        return Kind.values()[code];
    }
}
