package io.posthorn.storage.redis;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.AuditReport.Difference;
import io.posthorn.contract.AuditReport.Kind;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * One recount of the whole store, in scripts that each look at some records together with what belongs to them. Sums are
 * compared with the counts of a queue only where nothing of it changed from the first look to the last; an application that
 * never rests is looked at a few times, then its counts are taken as they are. Used once.
 */
final class Auditor {
    private static final Script ENDPOINTS = Script.of("audit-endpoints", "queue", "records", "findings");
    private static final Script MESSAGES = Script.of("audit-messages", "queue", "records", "findings");
    private static final Script QUEUE = Script.of("audit-queue", "queue", "records", "findings");
    private static final Script COUNTER = Script.of("audit-counter", "queue");
    private static final Script EVENTS = Script.of("audit-events", "findings");
    private static final Script LEASES = Script.of("audit-leases", "findings");
    private static final Script RECORDS = Script.of("audit-records", "findings");
    private static final Script TOTALS = Script.of("audit-totals", "findings");
    private static final Script NAMES = Script.of("names");

    private static final List<String> INDEXES = List.of("q", "r", "h", "j");
    private static final int CHUNK = 100;
    private static final int ENTRIES = 500;
    private static final int KEYS = 500;
    private static final int MOST_TURNS = 5;

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
        Future<Void> shards = Future.succeededFuture();
        for (int i = 0; i < calls.shards().count(); i++) {
            int shard = i;
            shards = shards.compose(before -> audit(shard));
        }
        return shards.compose(done -> orphans())
                .map(done -> tally.report(startedAt, Duration.ofNanos(System.nanoTime() - start)));
    }

    private Future<Void> audit(int shard) {
        return calls.read(LEASES, shard, List.of(repair))
                .onSuccess(answer -> tally.add(AuditTally.differences(answer.get(1))))
                .compose(leases -> applications(shard, ""))
                .compose(done -> calls.read(TOTALS, shard, List.of(repair)))
                .onSuccess(answer -> tally.add(AuditTally.differences(answer.get(1))))
                .mapEmpty();
    }

    private Future<Void> applications(int shard, String after) {
        return calls.read(NAMES, shard, List.of("aa", after, CHUNK)).compose(answer -> {
            Response names = answer.get(1);
            Future<Void> each = Future.succeededFuture();
            for (Response name : names) {
                each = each.compose(before -> new OfApplication(shard, name.toString()).audit(0));
            }
            return each.compose(done -> names.size() < CHUNK
                    ? Future.succeededFuture()
                    : applications(shard, names.get(names.size() - 1).toString()));
        });
    }

    private synchronized void looked(long more) {
        records += more;
        looked.accept(records);
    }

    /** The part of one application. */
    private final class OfApplication {
        private final int shard;
        private final String app;
        private final List<Difference> differences = new ArrayList<>();
        private Map<String, List<Long>> sums = new HashMap<>();
        private long messages;
        private long deliveries;
        private long attempts;

        OfApplication(int shard, String app) {
            this.shard = shard;
            this.app = app;
        }

        Future<Void> audit(int turn) {
            sums = new HashMap<>();
            messages = 0;
            deliveries = 0;
            attempts = 0;
            // What was seen the last time and not mended is seen again.
            differences.removeIf(one -> !one.mended());
            Map<String, EndpointCounts> before = new LinkedHashMap<>();
            Map<String, EndpointCounts> after = new LinkedHashMap<>();
            return endpoints("", before, true)
                    .compose(done -> messages(""))
                    .compose(done -> events("0"))
                    .compose(done -> indexes(before))
                    .compose(done -> endpoints("", after, false))
                    .compose(done -> compare(before, after, turn));
        }

        private Future<Void> endpoints(String from, Map<String, EndpointCounts> into, boolean note) {
            List<Object> args = List.of(note ? repair : "0", app, from, CHUNK);
            return calls.change(ENDPOINTS, shard, args).compose(answer -> {
                if (note) {
                    differences.addAll(AuditTally.differences(answer.get(2)));
                }
                Response each = answer.get(3);
                String last = "";
                for (Response row : each) {
                    EndpointCounts counts = EndpointCounts.decode(row);
                    into.put(counts.endpoint(), counts);
                    last = counts.endpoint();
                }
                return each.size() < CHUNK ? Future.succeededFuture() : endpoints(last, into, note);
            });
        }

        private Future<Void> messages(String from) {
            return calls.change(MESSAGES, shard, List.of(repair, app, from, CHUNK))
                    .compose(answer -> {
                        differences.addAll(AuditTally.differences(answer.get(2)));
                        messages += answer.get(5).toLong();
                        deliveries += answer.get(6).toLong();
                        attempts += answer.get(7).toLong();
                        looked(answer.get(5).toLong()
                                + answer.get(6).toLong()
                                + answer.get(7).toLong());
                        for (Response row : answer.get(8)) {
                            List<Long> part = EndpointCounts.numbers(row, 1, 5);
                            sums.merge(row.get(0).toString(), part, OfApplication::plus);
                        }
                        return answer.get(3).toInteger() == 1
                                ? Future.succeededFuture()
                                : messages(answer.get(4).toString());
                    });
        }

        private static List<Long> plus(List<Long> one, List<Long> other) {
            List<Long> sum = new ArrayList<>();
            for (int i = 0; i < one.size(); i++) {
                sum.add(one.get(i) + other.get(i));
            }
            return List.copyOf(sum);
        }

        private Future<Void> events(String cursor) {
            return calls.read(EVENTS, shard, List.of(repair, app, cursor)).compose(answer -> {
                differences.addAll(AuditTally.differences(answer.get(1)));
                String next = answer.get(2).toString();
                return next.equals("0") ? Future.succeededFuture() : events(next);
            });
        }

        private Future<Void> indexes(Map<String, EndpointCounts> endpoints) {
            List<Supplier<Future<Void>>> looks = new ArrayList<>();
            for (EndpointCounts counts : endpoints.values()) {
                for (int i = 0; i < INDEXES.size(); i++) {
                    String index = INDEXES.get(i);
                    if (counts.entries().get(i) > 0) {
                        looks.add(() -> entries(index, counts.endpoint(), ""));
                    }
                }
            }
            return oneAfterTheOther(looks, 0);
        }

        private static Future<Void> oneAfterTheOther(List<Supplier<Future<Void>>> looks, int at) {
            return at == looks.size()
                    ? Future.succeededFuture()
                    : looks.get(at).get().compose(done -> oneAfterTheOther(looks, at + 1));
        }

        private Future<Void> entries(String index, String endpoint, String left) {
            return calls.change(QUEUE, shard, List.of(repair, index, endpoint, left, ENTRIES))
                    .compose(answer -> {
                        differences.addAll(AuditTally.differences(answer.get(2)));
                        String rest = answer.get(3).toString();
                        return rest.equals("0") ? Future.succeededFuture() : entries(index, endpoint, rest);
                    });
        }

        private Future<Void> compare(Map<String, EndpointCounts> before, Map<String, EndpointCounts> after, int turn) {
            sums.keySet().forEach(id -> after.computeIfAbsent(id, EndpointCounts::unknown));
            boolean rested = after.values().stream()
                    .allMatch(now -> before.getOrDefault(now.endpoint(), EndpointCounts.unknown(now.endpoint()))
                            .isSameAs(now));
            if (!rested && turn < MOST_TURNS) {
                return audit(turn + 1);
            }
            tally.add(differences);
            tally.addRecords(messages, deliveries, attempts);
            Future<Void> each = Future.succeededFuture();
            for (EndpointCounts now : after.values()) {
                EndpointCounts then = before.getOrDefault(now.endpoint(), EndpointCounts.unknown(now.endpoint()));
                List<Long> none = List.of(0L, 0L, 0L, 0L, 0L);
                List<Long> expected = now.expected(sums.getOrDefault(now.endpoint(), none));
                if (!then.isSameAs(now) || expected.equals(now.counts())) {
                    tally.addEndpoint(EndpointCounts.books(now.counts()), EndpointCounts.books(now.counts()));
                } else {
                    each = each.compose(done -> wrong(now, expected));
                }
            }
            return each;
        }

        private Future<Void> wrong(EndpointCounts now, List<Long> expected) {
            String detail = "created, succeeded, failed, cancelled, in flight are " + now.counts() + ", by the records "
                    + expected;
            List<Object> args = new ArrayList<>();
            args.add(repair);
            args.add(now.endpoint());
            args.addAll(now.counts());
            args.addAll(expected);
            args.add(app);
            Future<Boolean> mended = repair.equals("1")
                    ? calls.change(COUNTER, shard, args)
                            .map(answer -> answer.get(2).toInteger() == 1)
                    : Future.succeededFuture(false);
            return mended.map(right -> {
                tally.add(List.of(new Difference(Kind.WRONG_COUNTER, "e:" + now.endpoint(), detail, right)));
                tally.addEndpoint(
                        EndpointCounts.books(right ? expected : now.counts()), EndpointCounts.books(expected));
                return null;
            });
        }
    }

    /** Records that no index leads to are found only among all keys: once through those of each node. */
    private Future<Void> orphans() {
        List<Supplier<Future<Void>>> scans = new ArrayList<>();
        calls.shards().onePerNode(link).forEach(prefix -> scans.add(() -> scan(prefix, "0")));
        return OfApplication.oneAfterTheOther(scans, 0);
    }

    private Future<Void> scan(String prefix, String cursor) {
        Request scan = Request.cmd(Command.SCAN)
                .arg(cursor)
                .arg("MATCH")
                .arg(calls.shards().pattern("[dmt]"))
                .arg("COUNT")
                .arg(KEYS);
        return link.read(prefix, List.of(scan)).compose(answers -> {
            Response part = answers.get(0);
            Map<Integer, List<Object>> byShard = new LinkedHashMap<>();
            for (Response key : part.get(1)) {
                String name = key.toString();
                int tag = name.indexOf('{');
                String of = name.substring(tag + 1, name.indexOf('}', tag));
                List<Object> args = byShard.computeIfAbsent(Integer.parseInt(of), absent -> new ArrayList<>());
                String rest = name.substring(name.indexOf('}', tag) + 2);
                args.add(rest.substring(0, 1));
                args.add(rest.substring(2));
            }
            Future<Void> each = Future.succeededFuture();
            for (Map.Entry<Integer, List<Object>> entry : byShard.entrySet()) {
                List<Object> args = new ArrayList<>();
                args.add(repair);
                args.addAll(entry.getValue());
                each = each.compose(done -> calls.read(RECORDS, entry.getKey(), args))
                        .onSuccess(answer -> tally.add(AuditTally.differences(answer.get(1))))
                        .mapEmpty();
            }
            String next = part.get(0).toString();
            return each.compose(done -> next.equals("0") ? Future.succeededFuture() : scan(prefix, next));
        });
    }
}
