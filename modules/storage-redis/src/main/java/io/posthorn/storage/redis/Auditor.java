package io.posthorn.storage.redis;

import io.posthorn.contract.AuditReport;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * One recount of the whole store, in scripts that each look at a bounded number of records together with what belongs to them,
 * and mend in the same run. Used once.
 */
final class Auditor {
    private static final Script LISTS = Script.of("audit-lists", "queue", "findings");
    private static final Script NAMES = Script.of("names");
    private static final Script RECORDS = Script.of("audit-records", "findings");
    private static final Script TOTALS = Script.of("audit-totals", "findings");

    private static final int CHUNK = 100;
    private static final int KEYS = 500;
    private static final int TOTALED = 500;

    private final ShardCalls calls;
    private final RedisLink link;
    private final String repair;
    private final LongConsumer looked;
    private final AuditTally tally = new AuditTally();
    private long records;

    Auditor(ShardCalls calls, RedisLink link, boolean repair, LongConsumer looked) {
        this.calls = calls;
        this.link = link;
        this.repair = repair ? "1" : "0";
        this.looked = looked;
    }

    Future<AuditReport> run() {
        Instant startedAt = Instant.ofEpochMilli(calls.time().nodeMillis());
        long start = System.nanoTime();
        List<Integer> shards =
                IntStream.range(0, calls.shards().count()).boxed().toList();
        return Steps.forEach(shards, this::audit)
                .compose(done -> Steps.forEach(calls.shards().onePerNode(link), this::orphans))
                .map(done -> tally.report(startedAt, Duration.ofNanos(System.nanoTime() - start)));
    }

    private Future<Void> audit(int shard) {
        return new LeaseAudit(calls, shard, repair)
                .look()
                .onSuccess(tally::add)
                .compose(done -> Steps.forEach(List.of("w", "o", "x"), list -> list(shard, list)))
                .compose(done -> new RingAudit(calls, shard, "", repair, tally).run())
                .compose(done -> applications(shard))
                .compose(done -> totals(shard));
    }

    private Future<Void> list(int shard, String list) {
        String[] cursor = {"0"};
        return Steps.whileMore(() -> calls.change(LISTS, shard, List.of(repair, list, cursor[0]))
                .map(answer -> {
                    tally.add(AuditTally.differences(answer.get(2)));
                    cursor[0] = answer.get(3).toString();
                    return !cursor[0].equals("0");
                }));
    }

    private Future<Void> applications(int shard) {
        String[] after = {""};
        return Steps.whileMore(() -> calls.read(NAMES, shard, List.of("aa", after[0], CHUNK))
                .compose(answer -> {
                    List<String> names = new ArrayList<>();
                    answer.get(1).forEach(name -> names.add(name.toString()));
                    if (!names.isEmpty()) {
                        after[0] = names.get(names.size() - 1);
                    }
                    return Steps.forEach(
                                    names,
                                    app -> new ApplicationAudit(calls, shard, app, repair, tally, this::looked).run())
                            .map(done -> names.size() == CHUNK);
                }));
    }

    /** Begins again where the recount of another node began meanwhile. */
    private Future<Void> totals(int shard) {
        String name = UUID.randomUUID().toString();
        int[] begin = {1};
        return Steps.whileMore(() -> calls.read(TOTALS, shard, List.of(repair, name, begin[0], TOTALED))
                .map(answer -> {
                    tally.add(AuditTally.differences(answer.get(1)));
                    begin[0] = answer.get(2).toInteger() < 0 ? 1 : 0;
                    return answer.get(2).toInteger() != 1;
                }));
    }

    private synchronized void looked(long more) {
        records += more;
        looked.accept(records);
    }

    /** Records that no index leads to are found only among all keys of a node. */
    private Future<Void> orphans(String prefix) {
        String[] cursor = {"0"};
        return Steps.whileMore(() -> {
            Request scan = Request.cmd(Command.SCAN)
                    .arg(cursor[0])
                    .arg("MATCH")
                    .arg(calls.shards().pattern("[dmtl]"))
                    .arg("COUNT")
                    .arg(KEYS);
            return link.read(prefix, List.of(scan)).compose(answers -> {
                Response part = answers.get(0);
                cursor[0] = part.get(0).toString();
                return Steps.forEach(byShard(part.get(1)).entrySet(), of -> records(of.getKey(), of.getValue()))
                        .map(done -> !cursor[0].equals("0"));
            });
        });
    }

    /** For each shard the kinds and names of its keys. */
    private static Map<Integer, List<String>> byShard(Response keys) {
        Map<Integer, List<String>> byShard = new LinkedHashMap<>();
        for (Response key : keys) {
            String name = key.toString();
            int tag = name.indexOf('{');
            int end = name.indexOf('}', tag);
            String rest = name.substring(end + 2);
            byShard.computeIfAbsent(Integer.parseInt(name.substring(tag + 1, end)), absent -> new ArrayList<>())
                    .addAll(List.of(rest.substring(0, 1), rest.substring(2)));
        }
        return byShard;
    }

    private Future<Void> records(int shard, List<String> keys) {
        List<Object> args = new ArrayList<>();
        args.add(repair);
        args.addAll(keys);
        return calls.read(RECORDS, shard, args)
                .onSuccess(answer -> tally.add(AuditTally.differences(answer.get(1))))
                .mapEmpty();
    }
}
