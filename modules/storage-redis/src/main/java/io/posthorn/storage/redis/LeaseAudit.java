package io.posthorn.storage.redis;

import io.posthorn.contract.AuditReport.Difference;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is held under the leases of a shard, read some leases at a time. A lease gets all its deliveries when it is given, and
 * its number is higher than all before: what is under none of those that were read is looked for in the few newer ones, and
 * where it is not there either it is lost. One recount at a time.
 */
final class LeaseAudit {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseAudit.class);
    private static final Script FENCES = Script.of("audit-fences");
    private static final Script LEASES = Script.of("audit-leases", "queue", "places", "findings");
    private static final Script SUSPECTS = Script.of("audit-suspects", "queue", "places", "findings");

    /** Deliveries read at a time, but for those of one lease. */
    private static final int HELD = 500;

    private static final int SUSPECTS_A_CALL = 100;

    /** Leases that are newer than those that were read. */
    private static final int NEWER = 50;

    private static final int MOST_TURNS = 10;

    private final ShardCalls calls;
    private final int shard;
    private final String repair;

    LeaseAudit(ShardCalls calls, int shard, String repair) {
        this.calls = calls;
        this.shard = shard;
        this.repair = repair;
    }

    /** A delivery, by the names of its endpoint and of its message. */
    record Suspect(String endpoint, String message) {}

    /** Looks at each hold. */
    Future<List<Difference>> look() {
        List<Difference> found = new ArrayList<>();
        return walk(true, found, name -> {}).map(last -> found);
    }

    /**
     * Says which deliveries are lost: have not ended, stand in no queue and are not in flight.
     *
     * @param lost is told each
     */
    Future<List<Difference>> resolve(Set<Suspect> suspects, Consumer<Suspect> lost) {
        Set<Suspect> left = new LinkedHashSet<>(suspects);
        List<Difference> found = new ArrayList<>();
        int[] turn = {0};
        return Steps.whileMore(() -> {
                    if (left.isEmpty() || turn[0]++ == MOST_TURNS) {
                        return Future.succeededFuture(false);
                    }
                    return walk(
                                    false,
                                    found,
                                    name -> left.remove(new Suspect(name.substring(0, 27), name.substring(27))))
                            .compose(walked -> ask(walked, left, found, lost))
                            .map(true);
                })
                .map(done -> {
                    if (!left.isEmpty()) {
                        LOG.warn(
                                "{} deliveries of shard {} were claimed too often to be looked at", left.size(), shard);
                    }
                    return found;
                });
    }

    /** Completes with a fence up to which no lease that runs was passed over. */
    private Future<Long> walk(boolean look, List<Difference> found, Consumer<String> held) {
        long[] walked = {-1};
        String[] cursor = {"0"};
        return Steps.whileMore(() -> calls.read(FENCES, shard, List.of(cursor[0]))
                        .compose(answer -> {
                            if (walked[0] < 0) {
                                walked[0] = answer.get(1).toLong();
                            }
                            cursor[0] = answer.get(2).toString();
                            return read(answer.get(3), look, found, held);
                        })
                        .map(done -> !cursor[0].equals("0")))
                .map(done -> walked[0]);
    }

    private Future<Void> read(Response fences, boolean look, List<Difference> found, Consumer<String> held) {
        List<String> left = new ArrayList<>();
        fences.forEach(fence -> left.add(fence.toString()));
        return Steps.whileMore(() -> {
            if (left.isEmpty()) {
                return Future.succeededFuture(false);
            }
            List<Object> args = new ArrayList<>(List.of(repair, look ? 1 : 0, HELD));
            args.addAll(left);
            return calls.read(LEASES, shard, args).map(answer -> {
                found.addAll(AuditTally.differences(answer.get(1)));
                left.subList(0, answer.get(2).toInteger()).clear();
                answer.get(3).forEach(name -> held.accept(name.toString()));
                return !left.isEmpty();
            });
        });
    }

    private Future<Void> ask(long walked, Set<Suspect> left, List<Difference> found, Consumer<Suspect> lost) {
        List<Suspect> all = List.copyOf(left);
        List<List<Suspect>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += SUSPECTS_A_CALL) {
            parts.add(all.subList(from, Math.min(all.size(), from + SUSPECTS_A_CALL)));
        }
        return Steps.forEach(parts, part -> {
            List<Object> args = new ArrayList<>(List.of(repair, walked, NEWER));
            for (Suspect one : part) {
                args.add(one.endpoint());
                args.add(one.message());
            }
            return calls.change(SUSPECTS, shard, args)
                    .onSuccess(answer -> {
                        found.addAll(AuditTally.differences(answer.get(2)));
                        for (int i = 0; i < part.size(); i++) {
                            String word = answer.get(3).get(i).toString();
                            if (word.equals("L")) {
                                lost.accept(part.get(i));
                            }
                            if (!word.equals("A")) {
                                left.remove(part.get(i));
                            }
                        }
                    })
                    .mapEmpty();
        });
    }
}
