package io.posthorn.storage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A clock of nanoseconds and its timers, which a test turns on by hand. */
final class ManualTimers implements Timers, LongSupplier {
    private final List<Pending> pending = new ArrayList<>();

    private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

    /** Near its end, so that what compares two moments wrongly is found. */
    private long now = START;

    private long last;

    private record Pending(long number, long at, Runnable task) {}

    @Override
    public long getAsLong() {
        return now;
    }

    @Override
    public long after(long millis, Runnable task) {
        pending.add(new Pending(++last, now + TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis)), task));
        return last;
    }

    @Override
    public void cancel(long timer) {
        pending.removeIf(one -> one.number() == timer);
    }

    /** Lets time go on, and runs what becomes due on the way. */
    void advance(long millis) {
        long end = now + TimeUnit.MILLISECONDS.toNanos(millis);
        for (Optional<Pending> next = next(end); next.isPresent(); next = next(end)) {
            pending.remove(next.get());
            now = next.get().at();
            next.get().task().run();
        }
        now = end;
    }

    /** The same as a time of day. */
    InstantSource clock() {
        return () -> Instant.EPOCH.plus(Duration.ofDays(20_000)).plusNanos(now - START);
    }

    /** How many timers run. */
    int running() {
        return pending.size();
    }

    private Optional<Pending> next(long end) {
        return pending.stream().filter(one -> one.at() - end <= 0).min(Comparator.comparingLong(one -> one.at() - now));
    }
}
