package io.posthorn.dispatch;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** The timers of Vert.x. */
final class VertxTimers implements Timers {
    private final Vertx vertx;
    private final Context context;

    VertxTimers(Vertx vertx, Context context) {
        this.vertx = vertx;
        this.context = context;
    }

    @Override
    public long after(long millis, Runnable task) {
        return vertx.setTimer(Math.max(1, millis), timer -> task.run());
    }

    @Override
    public void cancel(long timer) {
        vertx.cancelTimer(timer);
    }

    @Override
    public void atEndOfTurn(Runnable task) {
        context.runOnContext(nothing -> task.run());
    }
}
