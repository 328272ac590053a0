package io.posthorn.dispatch;

/** What the logic of this role needs of a clockwork. Tasks run on the context of the verticle. */
interface Timers {
    /** Runs the task once after that many milliseconds, at least 1; answers its number. */
    long after(long millis, Runnable task);

    /** Forgets a task that has not run. */
    void cancel(long timer);

    /** Runs the task when the present turn of the event loop is over. */
    void atEndOfTurn(Runnable task);
}
