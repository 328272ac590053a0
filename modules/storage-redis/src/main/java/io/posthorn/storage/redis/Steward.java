package io.posthorn.storage.redis;

import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.QueueControl;
import io.posthorn.storage.rows.StoredEnum;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What people and other roles do to queues beside the normal way of a delivery. Any thread. */
final class Steward {
    private static final Script CONTROL = Script.of("control", "queue");
    private static final Script RESEND = Script.of("resend", "queue");
    private static final Script RELEASE = Script.of("release-leases", "queue");
    private static final int MAX_ITEMS = 512;
    private static final int RELEASED = 16;

    private final ShardCalls calls;

    Steward(ShardCalls calls) {
        this.calls = calls;
    }

    Future<Void> control(List<QueueControl> controls) {
        Map<Integer, List<QueueControl>> byShard = new LinkedHashMap<>();
        for (QueueControl control : controls) {
            byShard.computeIfAbsent(calls.shards().of(control.application()), absent -> new ArrayList<>())
                    .add(control);
        }
        List<Future<Void>> sent = new ArrayList<>();
        byShard.forEach((shard, all) -> {
            Future<Void> last = Future.succeededFuture();
            for (int from = 0; from < all.size(); from += MAX_ITEMS) {
                List<Object> args = args(all.subList(from, Math.min(all.size(), from + MAX_ITEMS)));
                last = last.compose(before -> calls.change(CONTROL, shard, args))
                        .mapEmpty();
            }
            sent.add(last);
        });
        return Future.join(sent).mapEmpty();
    }

    private List<Object> args(List<QueueControl> controls) {
        List<Object> args = new ArrayList<>();
        for (QueueControl control : controls) {
            args.add(Names.bare(control.endpoint().value()));
            if (control instanceof QueueControl.Park park) {
                args.addAll(List.of(
                        "P", calls.time().toRedis(park.until()), StoredEnum.code(park.cause()), park.firstBatch()));
            } else if (control instanceof QueueControl.Limit limit) {
                args.addAll(List.of("L", limit.inFlight(), 0, 0));
            } else if (control instanceof QueueControl.SetCircuit set) {
                Instant until = set.circuit().until();
                args.addAll(List.of(
                        "C", until == null ? 0 : calls.time().toRedis(until), CircuitText.write(set.circuit()), 0));
            } else {
                args.addAll(List.of("R", 0, 0, 0));
            }
        }
        return args;
    }

    Future<Void> resend(DeliveryKey key) {
        List<String> args = List.of(
                Names.bare(key.application().value()),
                Names.bare(key.endpoint().value()),
                Names.bare(key.message().value()));
        return calls.durableChange(RESEND, calls.shards().of(key.application()), args)
                .compose(answer -> switch (answer.get(2).toString()) {
                    case "D" -> Future.succeededFuture();
                    case "P" ->
                        Future.failedFuture(new PosthornException(
                                ErrorCode.MISSING_PAYLOAD, "the payload of this message is gone"));
                    default -> Future.failedFuture(new PosthornException(ErrorCode.NOT_FOUND, "Entity not found"));
                });
    }

    Future<Void> releaseLeases(NodeId node) {
        List<Future<Void>> shards = new ArrayList<>();
        for (int i = 0; i < calls.shards().count(); i++) {
            int shard = i;
            shards.add(Steps.whileMore(() -> calls.change(RELEASE, shard, List.of(node.value(), RELEASED))
                    .map(answer -> answer.get(2).toInteger() == 1)));
        }
        return Future.join(shards).mapEmpty();
    }
}
