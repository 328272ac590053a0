package io.posthorn.storage;

/** What the logic of this role needs of a clockwork; tests turn it by hand. */
interface Timers {
    /** Runs the task once after that many milliseconds, at least 1, on the caller's context; answers its number. */
    long after(long millis, Runnable task);

    /** Forgets a task that has not run. */
    void cancel(long timer);
}
