package io.posthorn.storage.redis;

import io.posthorn.contract.Attempt;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Settlement.Verdict;
import io.posthorn.storage.rows.AttemptRow;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stores the results of claimed deliveries. Any thread. */
final class Settler {
    private static final Script SETTLE = Script.of("settle", "queue");
    private static final int MAX_ITEMS = 512;

    private final ShardCalls calls;

    Settler(ShardCalls calls) {
        this.calls = calls;
    }

    Future<List<SettleOutcome>> settle(List<Settlement> settlements) {
        Map<Integer, List<Integer>> byShard = new LinkedHashMap<>();
        for (int i = 0; i < settlements.size(); i++) {
            int shard = calls.shards().of(settlements.get(i).key().application());
            byShard.computeIfAbsent(shard, absent -> new ArrayList<>()).add(i);
        }
        SettleOutcome[] outcomes = new SettleOutcome[settlements.size()];
        List<Future<Void>> sent = new ArrayList<>();
        byShard.forEach((shard, numbers) -> {
            Future<Void> last = Future.succeededFuture();
            for (int from = 0; from < numbers.size(); from += MAX_ITEMS) {
                List<Integer> part = numbers.subList(from, Math.min(numbers.size(), from + MAX_ITEMS));
                last = last.compose(before -> settle(shard, settlements, part, outcomes));
            }
            sent.add(last);
        });
        return Future.join(sent).map(all -> Arrays.asList(outcomes));
    }

    private Future<Void> settle(
            int shard, List<Settlement> settlements, List<Integer> numbers, SettleOutcome[] outcomes) {
        List<Object> args = new ArrayList<>(numbers.size() * 10);
        boolean ends = false;
        for (int number : numbers) {
            Settlement one = settlements.get(number);
            Attempt attempt = one.attempt();
            args.add(Names.bare(one.key().endpoint().value()));
            args.add(Names.bare(one.key().message().value()));
            args.add(one.fence());
            String verdict = verdict(one.verdict());
            args.add(verdict);
            args.add(due(one.verdict()));
            args.add(attempt == null ? "" : Names.bare(attempt.id().value()));
            args.add(attempt == null ? "" : AttemptRow.encode(attempt));
            args.add(attempt == null ? "" : attempt.showsLoss() ? "L" : attempt.succeeded() ? "S" : "");
            Circuit circuit = one.circuit();
            args.add(CircuitText.write(circuit));
            args.add(
                    circuit == null || circuit.until() == null
                            ? 0
                            : calls.time().toRedis(circuit.until()));
            ends |= !verdict.equals("R") && !verdict.equals("D");
        }
        // A result that is forgotten costs a repeat; an end that is, too, but is waited for where replicas are.
        Future<Response> call = ends ? calls.durableChange(SETTLE, shard, args) : calls.change(SETTLE, shard, args);
        return call.map(answer -> {
            Response each = answer.get(2);
            for (int i = 0; i < numbers.size(); i++) {
                outcomes[numbers.get(i)] =
                        each.get(i).toString().equals("S") ? SettleOutcome.SETTLED : SettleOutcome.FENCED;
            }
            return null;
        });
    }

    private static String verdict(Verdict verdict) {
        if (verdict instanceof Verdict.Succeeded) {
            return "S";
        }
        if (verdict instanceof Verdict.Exhausted) {
            return "F";
        }
        if (verdict instanceof Verdict.Cancelled) {
            return "C";
        }
        return verdict instanceof Verdict.Retry ? "R" : "D";
    }

    private long due(Verdict verdict) {
        if (verdict instanceof Verdict.Retry retry) {
            return calls.time().toRedis(retry.at());
        }
        return verdict instanceof Verdict.Deferred deferred ? calls.time().toRedis(deferred.until()) : 0;
    }
}
