package io.posthorn.storage;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/** Brings the results of an engine, which come on its own threads, back to the context of the verticle. */
final class EngineCalls {
    private final Context context;

    EngineCalls(Context context) {
        this.context = context;
    }

    /** The same result, on the context. */
    <T> Future<T> on(Future<T> call) {
        Promise<T> promise = Promise.promise();
        call.onComplete(result -> context.runOnContext(nothing -> promise.handle(result)));
        return promise.future();
    }

    /** Begins something on the context. */
    Future<Void> start(Supplier<Future<Void>> action) {
        Promise<Void> promise = Promise.promise();
        context.runOnContext(nothing -> action.get().onComplete(promise));
        return promise.future();
    }
}
