package io.posthorn.storage;

import io.vertx.core.Vertx;

/** The timers of Vert.x. */
final class VertxTimers implements Timers {
    private final Vertx vertx;

    VertxTimers(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public long after(long millis, Runnable task) {
        return vertx.setTimer(Math.max(1, millis), timer -> task.run());
    }

    @Override
    public void cancel(long timer) {
        vertx.cancelTimer(timer);
    }
}
