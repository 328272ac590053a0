package io.posthorn.storage.redis;

import io.posthorn.contract.TaskId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Moves on what nobody else will: expired leases, queues that are cancelled, changes of the directory that were left half
 * done, what has outlived its time, and background tasks. Found by index, a bounded amount in each step. Where there is
 * nothing to do a sweep is one short script a shard. Any thread.
 */
final class Sweeper {
    private static final Script SWEEP = Script.of("sweep", "queue");
    private static final Script RETAIN = Script.of("retain", "queue", "records");

    private static final int LEASES = 4;
    private static final int CANCELLED = 500;

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
    private final RedisDirectory directory;
    private final TaskRunner tasks;
    private final long keepMillis;

    /** @param keep how long attempts are kept, and records after their contents */
    Sweeper(ShardCalls calls, RedisDirectory directory, TaskRunner tasks, Duration keep) {
        this.calls = calls;
        this.directory = directory;
        this.tasks = tasks;
        this.keepMillis = keep.toMillis();
    }

    /** A step in each shard and in the directory; completes with how long until the next. */
    Future<Duration> sweep() {
        List<Future<Duration>> steps = new ArrayList<>();
        for (int shard = 0; shard < calls.shards().count(); shard++) {
            steps.add(sweep(shard));
        }
        steps.add(directory.sweep().map(Sweeper::until));
        return Future.join(steps)
                .map(all -> steps.stream()
                        .map(Future::result)
                        .min(Duration::compareTo)
                        .orElse(IDLE));
    }

    private Future<Duration> sweep(int shard) {
        return calls.look(SWEEP, shard, List.of(LEASES, CANCELLED, keepMillis)).compose(answer -> {
            Duration again = until(answer.get(2).toInteger() == 1);
            boolean outlived = answer.get(3).toInteger() == 1;
            return outlived
                    ? retain(shard).map(pause -> pause.compareTo(again) < 0 ? pause : again)
                    : Future.succeededFuture(again);
        });
    }

    private Future<Duration> retain(int shard) {
        return calls.change(RETAIN, shard, List.of(keepMillis, STEP)).compose(answer -> {
            boolean more = answer.get(2).toInteger() == 1;
            if (answer.size() < 4 || answer.get(3) == null) {
                return Future.succeededFuture(until(more));
            }
            long start = System.nanoTime();
            return tasks.step(shard, new TaskId(TaskId.PREFIX + answer.get(3)))
                    .map(done -> more ? Duration.ZERO : pauseAfter(System.nanoTime() - start));
        });
    }

    private static Duration until(boolean more) {
        return more ? Duration.ZERO : IDLE;
    }

    private static Duration pauseAfter(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(PAUSE_SHARE * nanos);
        return Duration.ofMillis(Math.max(MIN_PAUSE_MILLIS, Math.min(MAX_PAUSE_MILLIS, millis)));
    }
}
