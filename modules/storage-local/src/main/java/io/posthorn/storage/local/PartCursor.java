package io.posthorn.storage.local;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * How far a store was read: part, estimate of all items, last key of the part.
 *
 * @param after null for the beginning of the part
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; keys are byte arrays from end to end
record PartCursor(Part part, long total, byte @Nullable [] after) {
    private static final String SEPARATOR = ".";

    /** The parts of a store in the order in which they are read: what others refer to goes first. */
    enum Part {
        APPLICATIONS(Table.DIRECTORY, "A"),
        EVENT_TYPES(Table.DIRECTORY, "T"),
        ENDPOINTS(Table.DIRECTORY, "E"),
        QUEUES(Table.LEDGER, ""),
        MESSAGES(Table.MESSAGE, ""),
        KEYS(Table.IDEMPOTENCY, ""),
        TASKS(Table.TASK, "T");

        final Table table;
        private final String prefix;

        Part(Table table, String prefix) {
            this.table = table;
            this.prefix = prefix;
        }

        byte[] low() {
            return Keys.bytes(prefix);
        }

        byte[] high() {
            return Keys.after(low());
        }

        /** The part that is read next; null behind the last. */
        @Nullable
        Part next() {
            Part[] all = values();
            return this == TASKS ? null : all[java.util.Arrays.asList(all).indexOf(this) + 1];
        }
    }

    byte[] from() {
        return after == null ? part.low() : Keys.next(after);
    }

    String text() {
        String key =
                after == null ? "" : Base64.getUrlEncoder().withoutPadding().encodeToString(after);
        return part.name() + SEPARATOR + total + SEPARATOR + key;
    }

    static PartCursor of(String text) {
        try {
            String[] fields = text.split("\\.", -1);
            byte[] key = Base64.getUrlDecoder().decode(fields[2]);
            return new PartCursor(Part.valueOf(fields[0]), Long.parseLong(fields[1]), key.length == 0 ? null : key);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new PosthornException(
                    ErrorCode.INVALID, "cursor: " + text + " (expected: the one that the part before answered)", e);
        }
    }
}
