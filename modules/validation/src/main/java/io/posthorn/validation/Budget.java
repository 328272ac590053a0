package io.posthorn.validation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much work one payload's validation may be: a number of steps, which depends on schema and payload only, and a time,
 * which depends on the machine. One thread.
 */
final class Budget {
    /** A step is about 10 ns, so this is about a third of a second. */
    static final long STEPS = 32_000_000;

    /** Time is looked at once in so many steps. */
    private static final long CLOCK_MASK = 0xfff;

    private static final ThreadLocal<@Nullable Budget> OF_THREAD = new ThreadLocal<>();

    private final long startNanos = System.nanoTime();
    private final long nanos;
    private final long most;
    private long steps;
    private long nextLook = CLOCK_MASK;

    /** The work was more than may be. Made without a stack trace. */
    static final class Spent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean late;

        Spent(String message, boolean late) {
            super(message, null, false, false);
            this.late = late;
        }

        /** Whether it took too long, so that it may pass at another time; else it never will. */
        boolean isLate() {
            return late;
        }
    }

    Budget(long steps, Duration time) {
        this.most = steps;
        this.nanos = time.toNanos();
    }

    /** Counts steps; throws {@link Spent} when there were too many or the time is over. */
    void spend(long more) {
        steps += more;
        if (steps > most) {
            throw new Spent("it takes too many steps to check", false);
        }
        if (steps > nextLook) {
            nextLook = steps + CLOCK_MASK;
            if (System.nanoTime() - startNanos > nanos) {
                throw new Spent("it takes too long to check", true);
            }
        }
    }

    /** Runs something on this thread whose patterns find this budget with {@link #current()}. */
    void run(Runnable work) {
        OF_THREAD.set(this);
        try {
            work.run();
        } finally {
            OF_THREAD.remove();
        }
    }

    /** The budget of what runs on this thread. */
    static Budget current() {
        Budget budget = OF_THREAD.get();
        if (budget == null) {
            throw new IllegalStateException("nothing is being checked on this thread");
        }
        return budget;
    }
}
