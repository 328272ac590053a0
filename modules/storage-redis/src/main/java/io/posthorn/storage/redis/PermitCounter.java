package io.posthorn.storage.redis;

import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.RateLimit;
import io.posthorn.contract.Throttle;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts permits in Redis, for all nodes together, in one script a shard. A call that is repeated after a lost answer may
 * take its permits twice: a limit is kept rather than a pace. Any thread.
 */
final class PermitCounter {
    private static final Script PERMITS = Script.of("permits", "queue", "level");
    private static final Script USED = Script.of("permits-used", "level");
    private static final int MAX_ITEMS = 256;
    private static final int FIELDS = 3;

    private final ShardCalls calls;

    PermitCounter(ShardCalls calls) {
        this.calls = calls;
    }

    Future<List<PermitGrant>> take(List<PermitRequest> requests) {
        PermitGrant[] grants = new PermitGrant[requests.size()];
        Map<Integer, List<Integer>> byShard = new LinkedHashMap<>();
        for (int i = 0; i < grants.length; i++) {
            PermitRequest request = requests.get(i);
            if (request.limit() == null && request.applicationLimit() == null) {
                grants[i] = new PermitGrant(request.wanted(), null, 0);
            } else {
                byShard.computeIfAbsent(calls.shards().of(request.application()), absent -> new ArrayList<>())
                        .add(i);
            }
        }
        List<Future<Void>> sent = new ArrayList<>();
        byShard.forEach((shard, places) -> {
            for (int from = 0; from < places.size(); from += MAX_ITEMS) {
                sent.add(
                        take(shard, places.subList(from, Math.min(places.size(), from + MAX_ITEMS)), requests, grants));
            }
        });
        return Future.join(sent).map(all -> List.of(grants));
    }

    private Future<Void> take(int shard, List<Integer> places, List<PermitRequest> requests, PermitGrant[] grants) {
        List<Object> args = new ArrayList<>();
        for (int place : places) {
            PermitRequest request = requests.get(place);
            args.add(Names.bare(request.application().value()));
            args.add(Names.bare(request.endpoint().value()));
            args.add(request.version());
            args.add(request.wanted());
            add(request.limit(), args);
            add(request.applicationLimit(), args);
        }
        return calls.change(PERMITS, shard, args).map(answer -> {
            Response each = answer.get(2);
            for (int i = 0; i < places.size(); i++) {
                grants[places.get(i)] = new PermitGrant(
                        each.get(i * FIELDS).toInteger(),
                        calls.time().toNode(each.get(i * FIELDS + 1).toLong()),
                        each.get(i * FIELDS + 2).toInteger());
            }
            return null;
        });
    }

    private static void add(@Nullable Throttle limit, List<Object> args) {
        args.add(limit == null ? "" : limit.perMilli());
        args.add(limit == null ? "" : limit.burst());
    }

    Future<RateLimit.Use> used(RateLimit.UseOf question) {
        String key = question.endpoint() == null
                ? "pa:" + Names.bare(question.application().value())
                : "pe:" + Names.bare(question.endpoint().value());
        List<Object> args =
                List.of(key, question.limit().perMilli(), question.limit().burst());
        return calls.read(USED, calls.shards().of(question.application()), args)
                .map(answer -> new RateLimit.Use(
                        answer.get(1).toInteger(),
                        calls.time().toNode(answer.get(2).toLong()),
                        true));
    }
}
