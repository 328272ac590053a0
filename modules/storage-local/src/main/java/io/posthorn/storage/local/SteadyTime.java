package io.posthorn.storage.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A clock that never runs backwards: where the wall clock is set back, this one goes on from where it was, so that no
 * lease and no due time becomes an hour longer. It meets the wall clock again when that is set forward as far. The lead
 * survives a restart, to some seconds. Store thread.
 */
final class SteadyTime {
    private static final byte[] KEY = Keys.bytes("clock");
    private static final long RESERVE_MILLIS = 2_000;

    private final InstantSource wall;
    private long lastWall;
    private long ahead;
    private long reserved;

    SteadyTime(InstantSource wall) {
        this.wall = wall;
        this.lastWall = wall.millis();
    }

    /** Takes up where the store was left, if the wall clock was set back since. */
    void resume(OrderedMap map) throws IOException {
        byte[] stored = map.get(Table.META, KEY);
        reserved = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
        long behind = reserved - millis();
        if (behind > RESERVE_MILLIS) {
            ahead += behind;
        }
    }

    /** Milliseconds since 1970. */
    long millis() {
        long now = wall.millis();
        long step = now - lastWall;
        lastWall = now;
        if (step < 0) {
            ahead -= step;
        } else if (step >= ahead) {
            // Either so much time has passed unobserved or the clock was set right: this clock stands still at most.
            ahead = 0;
        }
        return now + ahead;
    }

    /** A moment that a caller named by the wall clock, in milliseconds of this one. */
    long steady(Instant moment) {
        return moment.toEpochMilli() + ahead;
    }

    /** The same, or 0 where no moment was named. */
    long steadyOrZero(@Nullable Instant moment) {
        return moment == null ? 0 : steady(moment);
    }

    /** A moment of this clock as a caller's wall clock will show it. */
    Instant wall(long millis) {
        return Instant.ofEpochMilli(millis - ahead);
    }

    /** How far this clock is before the wall clock, in milliseconds. */
    long ahead() {
        return ahead;
    }

    /** Writes down that this clock has come so far, a little in advance, so that few groups have to. */
    void note(long now, WriteSet writes) {
        if (now > reserved) {
            reserved = now + RESERVE_MILLIS;
            writes.put(
                    Table.META,
                    KEY,
                    ByteBuffer.allocate(Long.BYTES).putLong(reserved).array());
        }
    }
}
