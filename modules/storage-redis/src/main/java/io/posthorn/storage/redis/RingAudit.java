package io.posthorn.storage.redis;

import io.vertx.core.Future;
import java.util.List;

/** Looks at a ring of those that may be served: of the applications, or of the endpoints of one. Used once. */
final class RingAudit {
    /** How many names of a ring are read at a time to find one in it: of a longer one, nothing is said to be missing. */
    static final int MOST_NAMES = 5_000;

    private static final Script RING = Script.of("audit-ring", "queue", "findings");
    private static final int CHUNK = 200;

    private final ShardCalls calls;
    private final int shard;
    private final String app;
    private final String repair;
    private final AuditTally tally;

    /** @param app empty for the ring of the applications */
    RingAudit(ShardCalls calls, int shard, String app, String repair, AuditTally tally) {
        this.calls = calls;
        this.shard = shard;
        this.app = app;
        this.repair = repair;
        this.tally = tally;
    }

    Future<Void> run() {
        String[] left = {""};
        return Steps.whileMore(() -> calls.change(RING, shard, List.of(repair, app, left[0], CHUNK, MOST_NAMES))
                .map(answer -> {
                    tally.add(AuditTally.differences(answer.get(2)));
                    left[0] = answer.get(3).toString();
                    return !left[0].equals("0");
                }));
    }
}
