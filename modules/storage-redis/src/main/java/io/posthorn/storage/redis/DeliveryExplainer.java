package io.posthorn.storage.redis;

import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.Trigger;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what is known of one delivery. Which lease holds it stands nowhere but in the lease: those that run are looked
 * through, some hundred a script. Any thread.
 */
final class DeliveryExplainer {
    private static final Script EXPLAIN = Script.of("explain", "queue", "deliveries");
    private static final Script HOLDER = Script.of("holder", "queue");
    private static final int LEASES_A_CALL = 500;

    /** What was found in flight may have been settled before its lease was found: then it is looked at again. */
    private static final int MOST_LOOKS = 3;

    private final ShardCalls calls;
    private final QueueStates states;

    DeliveryExplainer(ShardCalls calls, QueueStates states) {
        this.calls = calls;
        this.states = states;
    }

    Future<DeliveryFacts> explain(DeliveryKey key) {
        return explain(key, MOST_LOOKS);
    }

    private Future<DeliveryFacts> explain(DeliveryKey key, int looks) {
        int shard = calls.shards().of(key.application());
        String endpoint = Names.bare(key.endpoint().value());
        String message = Names.bare(key.message().value());
        return calls.read(EXPLAIN, shard, List.of(Names.bare(key.application().value()), message, endpoint))
                .compose(answer -> {
                    if (answer.size() == 1) {
                        return RedisHistory.notFound();
                    }
                    DeliveryFacts facts = facts(key, answer);
                    if (facts.delivery().state() != DeliveryState.IN_FLIGHT) {
                        return Future.succeededFuture(facts);
                    }
                    return holder(shard, endpoint + message, 0)
                            .compose(hold -> hold == null && looks > 1
                                    ? explain(key, looks - 1)
                                    : Future.succeededFuture(new DeliveryFacts(
                                            facts.at(), facts.delivery(), facts.queue(), facts.place(), hold)));
                });
    }

    private DeliveryFacts facts(DeliveryKey key, Response answer) {
        boolean flies = answer.get(11).toInteger() == 1;
        Delivery delivery = DeliveryReader.delivery(
                key,
                answer.get(10).toString(),
                flies,
                answer.get(8).toLong(),
                answer.get(9).toLong());
        String lane = answer.get(12).toString();
        Trigger trigger = answer.get(13).toString().equals("m") ? Trigger.MANUAL : Trigger.SCHEDULED;
        DeliveryFacts.Place place = lane.isEmpty()
                ? null
                : new DeliveryFacts.Place(lane.equals("r"), trigger, 0)
                        .behind(answer.get(14).toLong());
        return new DeliveryFacts(
                calls.time().toNode(answer.get(0).toLong()), delivery, states.state(answer), place, null);
    }

    private Future<DeliveryFacts.@Nullable Hold> holder(int shard, String name, int passed) {
        return calls.read(HOLDER, shard, List.of(name, passed, LEASES_A_CALL)).compose(answer -> {
            long until = answer.get(3).toLong();
            if (until >= 0) {
                return Future.succeededFuture(
                        hold(answer.get(2).toString(), calls.time().toNode(until)));
            }
            return answer.get(1).toInteger() == 1
                    ? holder(shard, name, passed + LEASES_A_CALL)
                    : Future.succeededFuture(null);
        });
    }

    /** @param stored time and node with a blank between; the node alone where an older version claimed it */
    private DeliveryFacts.Hold hold(String stored, Instant until) {
        int blank = stored.indexOf(' ');
        Instant since = blank < 0 ? null : calls.time().toNode(Long.parseLong(stored.substring(0, blank)));
        return new DeliveryFacts.Hold(new NodeId(stored.substring(blank + 1)), since, until);
    }
}
