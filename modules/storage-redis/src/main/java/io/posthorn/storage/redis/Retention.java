package io.posthorn.storage.redis;

import io.posthorn.contract.TaskId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Removes what has outlived its time, found by index, a bounded amount in each step, and takes background tasks further.
 * Any thread.
 */
final class Retention {
    private static final Script RETAIN = Script.of("retain", "queue", "records");

    /** Records of one shard in one step. */
    private static final int STEP = 200;

    /**
     * The pause after a step of a background task is so many times what it took, between the two bounds, so that fresh
     * traffic hardly notices it on a slow or busy server, too.
     */
    private static final int PAUSE_SHARE = 10;

    private static final long MIN_PAUSE_MILLIS = 20;
    private static final long MAX_PAUSE_MILLIS = 100;

    private static final Duration IDLE = Duration.ofSeconds(1);

    private final ShardCalls calls;
    private final TaskRunner tasks;
    private final long keepMillis;

    /** @param keep how long attempts are kept, and records after their contents */
    Retention(ShardCalls calls, TaskRunner tasks, Duration keep) {
        this.calls = calls;
        this.tasks = tasks;
        this.keepMillis = keep.toMillis();
    }

    /** A step in each shard; completes with how long until the next. */
    Future<Duration> sweep() {
        List<Future<Duration>> steps = new ArrayList<>();
        for (int shard = 0; shard < calls.shards().count(); shard++) {
            steps.add(sweep(shard));
        }
        return Future.join(steps)
                .map(all -> steps.stream()
                        .map(Future::result)
                        .min(Duration::compareTo)
                        .orElse(IDLE));
    }

    private Future<Duration> sweep(int shard) {
        return calls.change(RETAIN, shard, List.of(keepMillis, STEP)).compose(answer -> {
            boolean more = answer.get(2).toInteger() == 1;
            if (answer.size() < 4 || answer.get(3) == null) {
                return Future.succeededFuture(more ? Duration.ZERO : IDLE);
            }
            long start = System.nanoTime();
            return tasks.step(shard, new TaskId(TaskId.PREFIX + answer.get(3)))
                    .map(done -> more ? Duration.ZERO : pauseAfter(System.nanoTime() - start));
        });
    }

    private static Duration pauseAfter(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(PAUSE_SHARE * nanos);
        return Duration.ofMillis(Math.max(MIN_PAUSE_MILLIS, Math.min(MAX_PAUSE_MILLIS, millis)));
    }
}
