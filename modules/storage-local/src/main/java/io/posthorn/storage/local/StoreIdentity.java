package io.posthorn.storage.local;

import io.posthorn.contract.EndpointId;
import io.posthorn.storage.api.Transfer;
import io.posthorn.storage.rows.RowReader;
import io.posthorn.storage.rows.RowWriter;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a store is and which move into it was begun: rows of {@link Table#META}. */
final class StoreIdentity {
    private static final byte[] ID = Keys.bytes("store");
    private static final byte[] MARK = Keys.bytes("move");

    /** Stands before the sources and endpoints whose counts of removed deliveries were added. */
    private static final String COUNTED = "counted ";

    private static final byte[] DONE = {1};
    private static final byte UNDER_WAY = 1;
    private static final byte ENDED = 2;

    private final OrderedMap map;

    StoreIdentity(OrderedMap map) {
        this.map = map;
    }

    /** Gives a store that has none an id; answers whether it did. */
    boolean ensureId(WriteSet writes) throws IOException {
        if (map.get(Table.META, ID) != null) {
            return false;
        }
        writes.put(Table.META, ID, Keys.bytes(UUID.randomUUID().toString()));
        return true;
    }

    Transfer.Identity read() throws IOException {
        byte[] id = map.get(Table.META, ID);
        if (id == null) {
            throw new IOException("the store has no id");
        }
        boolean empty = isEmpty(Table.DIRECTORY) && isEmpty(Table.MESSAGE) && isEmpty(Table.LEDGER);
        return new Transfer.Identity(Keys.text(id, 0, id.length), empty, mark());
    }

    private boolean isEmpty(Table table) throws IOException {
        boolean[] empty = {true};
        map.scan(table, new byte[0], Keys.after(new byte[0]), false, (key, row) -> {
            empty[0] = false;
            return false;
        });
        return empty[0];
    }

    private Transfer.@Nullable Mark mark() throws IOException {
        byte[] row = map.get(Table.META, MARK);
        if (row == null) {
            return null;
        }
        RowReader in = new RowReader(row);
        String source = in.text();
        String cursor = in.text();
        return new Transfer.Mark(source, cursor.isEmpty() ? null : cursor, in.number(), in.version() == ENDED);
    }

    void mark(Transfer.@Nullable Mark mark, WriteSet writes) {
        if (mark == null || mark.ended()) {
            byte[] prefix = Keys.bytes(COUNTED);
            writes.deleteRange(Table.META, prefix, Keys.after(prefix));
        }
        if (mark == null) {
            writes.delete(Table.META, MARK);
        } else {
            writes.put(
                    Table.META,
                    MARK,
                    new RowWriter(mark.ended() ? ENDED : UNDER_WAY)
                            .text(mark.source())
                            .text(mark.cursor() == null ? "" : mark.cursor())
                            .number(mark.items())
                            .bytes());
        }
    }

    /** Whether the counts of an endpoint were added from a source before; they are from now on. */
    boolean isCounted(String source, EndpointId endpoint, WriteSet writes) throws IOException {
        byte[] key = Keys.bytes(COUNTED + source + " " + endpoint.value());
        if (map.get(Table.META, key) != null) {
            return true;
        }
        writes.put(Table.META, key, DONE);
        return false;
    }

    /** Removes everything but the numbers that must never go back: fences and the clock. */
    void clear(WriteSet writes) {
        for (Table table : Table.values()) {
            if (table != Table.META) {
                writes.deleteRange(table, new byte[0], Keys.after(new byte[0]));
            }
        }
        mark(null, writes);
        writes.put(Table.META, ID, Keys.bytes(UUID.randomUUID().toString()));
    }
}
