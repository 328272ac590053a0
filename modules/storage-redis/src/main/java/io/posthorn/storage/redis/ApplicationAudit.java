package io.posthorn.storage.redis;

import io.posthorn.contract.AuditReport.Difference;
import io.posthorn.contract.AuditReport.Kind;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a recount that is one application's. The counts of an endpoint are compared with its records as these were at
 * the moment at which the counts were read: each record says since when it is as it is, so traffic need not rest. Only what
 * the records do not show (something at that very millisecond, retention, a resend of what had ended) takes another turn; see
 * {@link RecordCounts}. Used once.
 */
final class ApplicationAudit {
    private static final Logger LOG = LoggerFactory.getLogger(ApplicationAudit.class);
    private static final Script COUNTS = Script.of("audit-counts");
    private static final Script COUNTER = Script.of("audit-counter", "queue");
    private static final Script ENDPOINTS = Script.of("audit-endpoints", "queue", "findings");
    private static final Script EVENTS = Script.of("audit-events", "findings");
    private static final Script MESSAGES = Script.of("audit-messages", "queue", "records", "places", "findings");
    private static final Script QUEUE = Script.of("audit-queue", "queue", "records", "findings");

    private static final List<String> INDEXES = List.of("q", "r", "h", "j");

    /** Messages, and endpoints whose places are looked at, in one call. */
    private static final int CHUNK = 100;

    /** Endpoints whose counts are read in one call, all of one moment. */
    private static final int COUNTED = 200;

    private static final int ENTRIES = 500;
    private static final int MOST_SUSPECTS = 2_000;
    private static final int MOST_TURNS = 6;
    private static final int QUIET_LOOKS = 50;

    private final ShardCalls calls;
    private final int shard;
    private final String app;
    private final String repair;
    private final AuditTally tally;
    private final LongConsumer looked;
    private final LeaseAudit leases;

    /** Found by the last turn, and mended by earlier ones; what is not mended is found again by each. */
    private final List<Difference> found = new ArrayList<>();

    private final Map<String, RecordCounts> sums = new HashMap<>();
    private final Set<LeaseAudit.Suspect> suspects = new LinkedHashSet<>();
    private final Map<String, List<Long>> suspectedBefore = new HashMap<>();

    /** Endpoints whose counts were not compared yet. */
    private final Set<String> open = new LinkedHashSet<>();

    private final Map<String, Integer> tries = new HashMap<>();
    private final Set<String> compared = new HashSet<>();
    private long moment;

    ApplicationAudit(ShardCalls calls, int shard, String app, String repair, AuditTally tally, LongConsumer looked) {
        this.calls = calls;
        this.shard = shard;
        this.app = app;
        this.repair = repair;
        this.tally = tally;
        this.looked = looked;
        this.leases = new LeaseAudit(calls, shard, repair);
    }

    Future<Void> run() {
        boolean[] first = {true};
        return places().compose(done -> new RingAudit(calls, shard, app, repair, tally).run())
                .compose(done -> events())
                .compose(done -> Steps.whileMore(() -> {
                    boolean isFirst = first[0];
                    first[0] = false;
                    return turn(isFirst);
                }))
                .onSuccess(done -> tally.add(found));
    }

    private Future<Void> places() {
        String[] from = {""};
        return Steps.whileMore(() -> calls.change(
                        ENDPOINTS, shard, List.of(repair, app, from[0], CHUNK, RingAudit.MOST_NAMES))
                .map(answer -> {
                    tally.add(AuditTally.differences(answer.get(2)));
                    from[0] = answer.get(3).toString();
                    return !from[0].isEmpty();
                }));
    }

    private Future<Void> events() {
        String[] cursor = {"0"};
        return Steps.whileMore(() -> calls.read(EVENTS, shard, List.of(repair, app, cursor[0]))
                .map(answer -> {
                    tally.add(AuditTally.differences(answer.get(1)));
                    cursor[0] = answer.get(2).toString();
                    return !cursor[0].equals("0");
                }));
    }

    /** Completes with whether another one is needed: of all endpoints first, then of some of those that are left. */
    private Future<Boolean> turn(boolean first) {
        found.removeIf(one -> !one.mended());
        sums.clear();
        List<String> group = open.stream().limit(COUNTED).toList();
        return (first ? counts() : quietCounts(group))
                .compose(before -> messages(first)
                        .compose(done -> resolve())
                        .compose(done -> indexes(before.values(), first))
                        .compose(done -> first ? counts() : countsOf(group))
                        .compose(after -> compare(before, after, first))
                        .map(done -> !open.isEmpty()));
    }

    private Future<Map<String, EndpointCounts>> counts() {
        Map<String, EndpointCounts> read = new LinkedHashMap<>();
        String[] from = {""};
        return Steps.whileMore(() -> look(List.of(app, from[0], COUNTED)).map(part -> {
                    read.putAll(part);
                    part.keySet().forEach(last -> from[0] = last);
                    return part.size() == COUNTED;
                }))
                .map(done -> read);
    }

    private Future<Map<String, EndpointCounts>> countsOf(List<String> group) {
        List<Object> args = new ArrayList<>(List.of(app, "", 0));
        args.addAll(group);
        return look(args);
    }

    /** Looks until nothing changed between two looks in different milliseconds, or for the fewest changes of some looks. */
    private Future<Map<String, EndpointCounts>> quietCounts(List<String> group) {
        Map<String, EndpointCounts> best = new LinkedHashMap<>();
        Map<String, EndpointCounts> last = new LinkedHashMap<>();
        int[] left = {QUIET_LOOKS};
        return Steps.whileMore(() -> countsOf(group).map(read -> {
                    last.forEach(
                            (endpoint, earlier) -> read.computeIfPresent(endpoint, (id, now) -> now.since(earlier)));
                    if (best.isEmpty() || quiet(read) > quiet(best)) {
                        best.putAll(read);
                    }
                    last.putAll(read);
                    return quiet(best) < group.size() && --left[0] > 0;
                }))
                .map(done -> {
                    moment = best.values().stream()
                            .mapToLong(EndpointCounts::at)
                            .max()
                            .orElse(moment);
                    return best;
                });
    }

    private static long quiet(Map<String, EndpointCounts> counts) {
        return counts.values().stream().filter(EndpointCounts::quiet).count();
    }

    private Future<Map<String, EndpointCounts>> look(List<?> args) {
        return calls.read(COUNTS, shard, args).map(answer -> {
            Map<String, EndpointCounts> read = new LinkedHashMap<>();
            moment = answer.get(1).toLong();
            for (Response row : answer.get(2)) {
                EndpointCounts one = EndpointCounts.decode(moment, row);
                read.put(one.endpoint(), one);
            }
            return read;
        });
    }

    private Future<Void> messages(boolean first) {
        String[] from = {""};
        long then = moment;
        return Steps.whileMore(() -> calls.change(MESSAGES, shard, List.of(repair, app, from[0], CHUNK, then))
                .compose(answer -> {
                    found.addAll(AuditTally.differences(answer.get(2)));
                    long messages = answer.get(5).toLong();
                    long deliveries = answer.get(6).toLong();
                    long attempts = answer.get(7).toLong();
                    if (first) {
                        tally.addRecords(messages, deliveries, attempts);
                    }
                    looked.accept(messages + deliveries + attempts);
                    for (Response row : answer.get(8)) {
                        sum(row.get(0).toString()).add(row);
                    }
                    Response each = answer.get(9);
                    for (int i = 0; i < each.size(); i += 2) {
                        suspects.add(new LeaseAudit.Suspect(
                                each.get(i).toString(), each.get(i + 1).toString()));
                    }
                    from[0] = answer.get(4).toString();
                    boolean more = answer.get(3).toInteger() == 0;
                    return suspects.size() < MOST_SUSPECTS
                            ? Future.succeededFuture(more)
                            : resolve().map(more);
                }));
    }

    private RecordCounts sum(String endpoint) {
        return sums.computeIfAbsent(endpoint, absent -> new RecordCounts());
    }

    private Future<Void> resolve() {
        return leases.resolve(suspects, lost -> sum(lost.endpoint()).addAstray(1))
                .onSuccess(differences -> {
                    found.addAll(differences);
                    suspects.clear();
                })
                .mapEmpty();
    }

    /** @param all whether also those that no count depends on */
    private Future<Void> indexes(Collection<EndpointCounts> endpoints, boolean all) {
        record Index(String kind, String endpoint) {}
        List<Index> indexes = endpoints.stream()
                .flatMap(one -> Stream.iterate(0, i -> i < (all ? 4 : 2), i -> i + 1)
                        .filter(i -> one.entries().get(i) > 0)
                        .map(i -> new Index(INDEXES.get(i), one.endpoint())))
                .toList();
        return Steps.forEach(indexes, index -> entries(index.kind(), index.endpoint()));
    }

    private Future<Void> entries(String index, String endpoint) {
        String[] left = {""};
        boolean isQueue = index.equals("q") || index.equals("r");
        return Steps.whileMore(() -> calls.change(QUEUE, shard, List.of(repair, index, endpoint, left[0], ENTRIES))
                .map(answer -> {
                    // Of the others, only the first turn asks.
                    List<Difference> differences = AuditTally.differences(answer.get(2));
                    if (isQueue) {
                        found.addAll(differences);
                        sum(endpoint).addAstray(-answer.get(4).toLong());
                    } else {
                        tally.add(differences);
                    }
                    left[0] = answer.get(3).toString();
                    return !left[0].equals("0");
                }));
    }

    private Future<Void> compare(Map<String, EndpointCounts> before, Map<String, EndpointCounts> after, boolean first) {
        if (first) {
            open.addAll(after.keySet());
            open.addAll(sums.keySet());
        }
        long then = before.values().stream().mapToLong(EndpointCounts::at).max().orElse(moment);
        return Steps.forEach(before.values(), one -> {
            EndpointCounts now = after.get(one.endpoint());
            boolean isOfThatMoment = one.at() == then || now != null && one.isSameAs(now);
            return now == null || !isOfThatMoment || compared.contains(one.endpoint())
                    ? Future.succeededFuture()
                    : compare(one, now, tries.merge(one.endpoint(), 1, Integer::sum) >= MOST_TURNS);
        });
    }

    private Future<Void> compare(EndpointCounts then, EndpointCounts now, boolean last) {
        RecordCounts records = sum(then.endpoint());
        RecordCounts.Range right = records.expected(then, now);
        boolean rested = then.isSameAs(now);
        if (records.isUnsure() || right.isExact() && right.holds(then.counts())) {
            return settled(then.endpoint(), then.counts(), then.counts());
        }
        if (!right.isExact()) {
            if (!last) {
                return Future.succeededFuture();
            }
            LOG.info(
                    "endpoint {} changed too often to be recounted exactly: {} to {}",
                    then.endpoint(),
                    right.least(),
                    right.most());
            return right.holds(then.counts())
                    ? settled(then.endpoint(), then.counts(), then.counts())
                    : wrong(then, right.most(), false);
        }
        List<Long> by = new ArrayList<>();
        for (int i = 0; i < then.counts().size(); i++) {
            by.add(right.least().get(i) - then.counts().get(i));
        }
        // While traffic flows, twice the same is no accident.
        if (!rested && !last && !by.equals(suspectedBefore.put(then.endpoint(), by))) {
            return Future.succeededFuture();
        }
        if (!repair.equals("1")) {
            return wrong(then, right.least(), false);
        }
        List<Object> args = new ArrayList<>(List.of(repair, then.endpoint(), now.unseen()));
        args.addAll(now.gone());
        args.addAll(by);
        args.add(app);
        return calls.change(COUNTER, shard, args)
                .compose(answer -> answer.get(2).toInteger() == 1 || last
                        ? wrong(then, right.least(), answer.get(2).toInteger() == 1)
                        : Future.succeededFuture());
    }

    private Future<Void> wrong(EndpointCounts then, List<Long> right, boolean mended) {
        String detail =
                "created, succeeded, failed, cancelled, in flight are " + then.counts() + ", by the records " + right;
        tally.add(List.of(new Difference(Kind.WRONG_COUNTER, "e:" + then.endpoint(), detail, mended)));
        return settled(then.endpoint(), mended ? right : then.counts(), right);
    }

    private Future<Void> settled(String endpoint, List<Long> counts, List<Long> records) {
        compared.add(endpoint);
        open.remove(endpoint);
        tally.addEndpoint(EndpointCounts.books(counts), EndpointCounts.books(records));
        return Future.succeededFuture();
    }
}
