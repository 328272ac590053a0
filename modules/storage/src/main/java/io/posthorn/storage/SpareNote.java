package io.posthorn.storage;

import io.posthorn.storage.api.Transfer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a spare remembers of its part, durably, in the place for marks: no move ends in a spare. Without one, all that it
 * holds was made in it.
 *
 * @param half whether a part of it is in the primary
 * @param mirroredAt when the primary's directory was last copied into it; what is younger was made here. Null: never.
 */
record SpareNote(boolean half, @Nullable Instant mirroredAt) {
    private static final String HALF = "moving-to:";
    private static final String MIRROR = "mirror-of:";

    static SpareNote of(Transfer.@Nullable Mark mark) {
        if (mark == null || !(mark.source().startsWith(HALF) || mark.source().startsWith(MIRROR))) {
            return new SpareNote(false, null);
        }
        String cursor = mark.cursor();
        return new SpareNote(
                mark.source().startsWith(HALF), cursor == null ? null : Instant.ofEpochMilli(Long.parseLong(cursor)));
    }

    Transfer.Mark mark(String primary) {
        return Transfer.Mark.underWay(
                (half ? HALF : MIRROR) + primary,
                mirroredAt == null ? null : Long.toString(mirroredAt.toEpochMilli()),
                0);
    }
}
