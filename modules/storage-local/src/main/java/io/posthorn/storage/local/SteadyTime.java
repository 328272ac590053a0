package io.posthorn.storage.local;

import java.time.InstantSource;

/**
 * A clock that never runs backwards: where the wall clock is set back, this one goes on from where it was, so that no
 * lease and no due time becomes an hour longer. It meets the wall clock again when that is set forward. Store thread.
 */
final class SteadyTime {
    private static final long STEP_MILLIS = 1_000;

    private final InstantSource wall;
    private long lastWall;
    private long ahead;

    SteadyTime(InstantSource wall) {
        this.wall = wall;
        this.lastWall = wall.millis();
    }

    /** Milliseconds since 1970. */
    long millis() {
        long now = wall.millis();
        long step = now - lastWall;
        lastWall = now;
        if (step < 0) {
            ahead -= step;
        } else if (ahead > 0 && step > STEP_MILLIS) {
            // Either time passed unobserved, or the clock was set right: giving back the lead is safe in both cases,
            // since this clock still does not move backwards.
            ahead = Math.max(0, ahead - step);
        }
        return now + ahead;
    }
}
