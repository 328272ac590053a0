package io.posthorn.storage.redis;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * How far a store was read.
 *
 * @param total estimate of all items
 * @param place number of the shard, or of the node
 * @param group organisation or application whose items are read, or, where they begin anew, the one before; of keys the run
 *     of the server, whose cursors end with it
 * @param inside whether items of the group are being read
 * @param after the last item of the group that was read, or empty
 */
record ReadCursor(Part part, long total, int place, String group, boolean inside, String after) {
    /** The parts of a store in the order in which they are read: what others refer to goes first. */
    enum Part {
        APPLICATIONS,
        EVENT_TYPES,
        ENDPOINTS,
        QUEUES,
        MESSAGES,
        KEYS,
        TASKS
    }

    static ReadCursor start(Part part, long total) {
        return new ReadCursor(part, total, 0, "", false, "");
    }

    ReadCursor inGroup(String name, String last) {
        return new ReadCursor(part, total, place, name, true, last);
    }

    /** Goes on behind the present group. */
    ReadCursor pastGroup() {
        return new ReadCursor(part, total, place, group, false, "");
    }

    ReadCursor nextPlace() {
        return new ReadCursor(part, total, place + 1, "", false, "");
    }

    String text() {
        return part.name() + "." + total + "." + place + "." + encoded(group) + "." + (inside ? 1 : 0) + "."
                + encoded(after);
    }

    static ReadCursor of(String text) {
        try {
            String[] fields = text.split("\\.", -1);
            return new ReadCursor(
                    Part.valueOf(fields[0]),
                    Long.parseLong(fields[1]),
                    Integer.parseInt(fields[2]),
                    decoded(fields[3]),
                    fields[4].equals("1"),
                    decoded(fields[5]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new PosthornException(
                    ErrorCode.INVALID, "cursor: " + text + " (expected: the one that the part before answered)", e);
        }
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
