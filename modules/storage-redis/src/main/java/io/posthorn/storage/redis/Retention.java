package io.posthorn.storage.redis;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Removes what has outlived its time, found by index, a bounded amount in each step. Any thread. */
final class Retention {
    private static final Script RETAIN = Script.of("retain", "queue", "records");

    /** Records of one shard in one step. */
    private static final int STEP = 200;

    private final ShardCalls calls;
    private final long keepMillis;

    /** @param keep how long attempts are kept, and records after their contents */
    Retention(ShardCalls calls, Duration keep) {
        this.calls = calls;
        this.keepMillis = keep.toMillis();
    }

    /** A step in each shard; completes with whether there is more to do at once. */
    Future<Boolean> sweep() {
        List<Future<Boolean>> steps = new ArrayList<>();
        for (int shard = 0; shard < calls.shards().count(); shard++) {
            steps.add(calls.change(RETAIN, shard, List.of(keepMillis, STEP))
                    .map(answer -> answer.get(2).toInteger() == 1));
        }
        return Future.join(steps).map(all -> steps.stream().anyMatch(Future::result));
    }
}
