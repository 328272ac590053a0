package io.posthorn.benchmarks.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One event loop of the generator. Its methods may be called by any thread. */
final class LoadVerticle extends VerticleBase {
    private final int index;
    private final int loops;
    private @Nullable LoadLoop current;

    LoadVerticle(int index, int loops) {
        this.index = index;
        this.loops = loops;
    }

    Future<Void> open(LoadJob job) {
        return onContext(() -> {
            LoadLoop loop = new LoadLoop(vertx, job, index, loops);
            current = loop;
            return loop.open();
        });
    }

    Future<LoadTally> run() {
        return onContext(() -> loop().run());
    }

    /** So many requests are due, the first at that moment, the others after it at that distance. */
    void due(long firstNanos, double distanceNanos, int count) {
        context.runOnContext(nothing -> {
            LoadLoop loop = loop();
            for (int i = 0; i < count; i++) {
                loop.due(firstNanos + (long) (i * distanceNanos));
            }
        });
    }

    Future<Void> closeLoop() {
        return onContext(() -> loop().close());
    }

    private LoadLoop loop() {
        if (current == null) {
            throw new IllegalStateException("no job was opened");
        }
        return current;
    }

    private <T> Future<T> onContext(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(nothing -> work.get().onComplete(done));
        return done.future();
    }
}
