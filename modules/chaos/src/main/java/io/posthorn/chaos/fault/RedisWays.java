package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Scene;
import io.posthorn.chaos.run.StallingProxy;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The ways in which a Redis goes away. */
final class RedisWays {
    private RedisWays() {}

    /** {@code kill -9}, and a start from its append-only file. */
    record Killed(String name) implements RedisOutage.Way {
        @Override
        public void takeAway(Scene scene) {
            scene.redis().kill();
        }

        @Override
        public void bringBack(Scene scene) {
            scene.redis().restart();
        }
    }

    /** Stopped in order, and started. */
    record Stopped(String name) implements RedisOutage.Way {
        @Override
        public void takeAway(Scene scene) {
            scene.redis().stop();
        }

        @Override
        public void bringBack(Scene scene) {
            scene.redis().restart();
        }
    }

    /** It accepts connections, as the kernel does for it, and answers nothing. */
    record Hanging(String name) implements RedisOutage.Way {
        @Override
        public void takeAway(Scene scene) {
            scene.redis().pause();
        }

        @Override
        public void bringBack(Scene scene) {
            scene.redis().resume();
        }
    }

    /** Connections go dead without a word; later new ones work, and the dead ones stay open. */
    static final class CutOff implements RedisOutage.Way {
        private final String name;
        private @Nullable StallingProxy proxy;

        CutOff(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void prepare(Scene scene) {
            CompletionStage<StallingProxy> started =
                    StallingProxy.start(scene.vertx(), scene.redis().port()).toCompletionStage();
            StallingProxy listening = started.toCompletableFuture().join();
            proxy = listening;
            scene.setting("REDIS_URL", "redis://127.0.0.1:" + listening.port());
        }

        @Override
        public void takeAway(Scene scene) {
            if (proxy != null) {
                proxy.stall();
            }
        }

        @Override
        public void bringBack(Scene scene) {
            if (proxy != null) {
                proxy.forwardNewOnes();
            }
        }
    }
}
