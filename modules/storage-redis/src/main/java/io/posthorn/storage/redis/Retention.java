package io.posthorn.storage.redis;

import io.posthorn.contract.TaskId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes what has outlived its time, found by index, a bounded amount in each step, and takes background tasks further.
 * Any thread.
 */
final class Retention {
    private static final Script RETAIN = Script.of("retain", "queue", "records");

    /** Records of one shard in one step. */
    private static final int STEP = 200;

    /** Between two steps of background tasks, so that fresh traffic hardly notices them. */
    private static final Duration TASK_PAUSE = Duration.ofMillis(20);

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
            return tasks.step(shard, new TaskId(TaskId.PREFIX + answer.get(3)))
                    .map(done -> more ? Duration.ZERO : TASK_PAUSE);
        });
    }
}
