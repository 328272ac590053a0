package io.posthorn.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it, in either direction. Any thread may read or move it. */
public final class ManualClock implements InstantSource {
    private Instant now;

    /** A clock that shows 2030-01-01T00:00:00Z. */
    public ManualClock() {
        this(Instant.parse("2030-01-01T00:00:00Z"));
    }

    public ManualClock(Instant start) {
        this.now = start;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Moves it on, or back when the duration is negative. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }

    /** Shows that moment from now on. */
    public synchronized void set(Instant moment) {
        now = moment;
    }
}
