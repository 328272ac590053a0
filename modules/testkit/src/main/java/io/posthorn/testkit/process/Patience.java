package io.posthorn.testkit.process;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits on the run's own thread. */
public final class Patience {
    private static final Duration POLL = Duration.ofMillis(20);

    private Patience() {}

    /** Lets time pass. */
    public static void pass(Duration time) {
        if (time.isZero() || time.isNegative()) {
            return;
        }
        long end = System.nanoTime() + time.toNanos();
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(Math.max(1, Math.min(20, time.toMillis()))))
                .atMost(time.plusSeconds(60))
                .until(() -> System.nanoTime() >= end);
    }

    /** Whether it came true in time. */
    public static boolean until(Duration atMost, Callable<Boolean> condition) {
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .atMost(atMost)
                    .until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    /** How long it took to come true; fails with what was waited for when it did not. */
    @CanIgnoreReturnValue
    public static Duration require(Duration atMost, String what, Callable<Boolean> condition) {
        long begin = System.nanoTime();
        if (!until(atMost, condition)) {
            throw new RunFailed("waited " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s for " + what
                    + " in vain");
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
