package io.posthorn.storage.redis;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.TaskId;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.api.Transfer;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a store part by part, by its indexes, as another store can take it. Nothing changes it meanwhile. Any thread. */
final class StoreReader {
    private static final Script NAMES = Script.of("names");
    private static final Script PAGE = Script.of("page");
    private static final Script QUEUES = Script.of("read-queues");
    private static final Script TASKS = Script.of("tasks");
    private static final Script TOTALS = Script.of("read-totals");
    private static final WaitCause[] CAUSES = WaitCause.values();

    /** Items read at a time; a chunk is full when that many more would be too many. */
    private static final int PAGE_ITEMS = 200;

    private final ShardCalls calls;
    private final RedisLink link;
    private final MessageReader messages;
    private final KeyReader keys;

    StoreReader(ShardCalls calls, RedisLink link) {
        this.calls = calls;
        this.link = link;
        this.messages = new MessageReader(calls);
        this.keys = new KeyReader(calls, link);
    }

    /**
     * What one look gave.
     *
     * @param next where to go on; null when everything was read
     */
    record Step(List<StoredItem> items, @Nullable ReadCursor next, long bytes) {
        Step {
            items = List.copyOf(items);
        }

        static Step at(@Nullable ReadCursor next) {
            return new Step(List.of(), next, 0);
        }
    }

    Future<Transfer.Chunk> read(@Nullable String cursor) {
        if (cursor != null) {
            return fill(ReadCursor.of(cursor), new ArrayList<>(), 0);
        }
        List<Future<Long>> totals = new ArrayList<>();
        for (int shard = 0; shard < calls.shards().count(); shard++) {
            totals.add(total(shard));
        }
        return Future.join(totals).compose(all -> {
            long total = totals.stream().mapToLong(Future::result).sum();
            return fill(ReadCursor.start(ReadCursor.Part.APPLICATIONS, total), new ArrayList<>(), 0);
        });
    }

    private Future<Long> total(int shard) {
        long[] sum = {0};
        String[] after = {""};
        return Steps.whileMore(() -> calls.read(TOTALS, shard, List.of(after[0], PAGE_ITEMS))
                        .map(answer -> {
                            sum[0] += answer.get(1).toLong();
                            after[0] = answer.get(2).toString();
                            return !after[0].isEmpty();
                        }))
                .map(done -> sum[0]);
    }

    private Future<Transfer.Chunk> fill(ReadCursor at, List<StoredItem> items, long bytes) {
        return step(at, Transfer.MAX_CHUNK_BYTES - bytes, items.isEmpty()).compose(step -> {
            items.addAll(step.items());
            ReadCursor next = step.next();
            long sum = bytes + step.bytes();
            boolean stuck = next != null && next.equals(at) && step.items().isEmpty();
            boolean full = items.size() + PAGE_ITEMS > Transfer.MAX_CHUNK_ITEMS || sum >= Transfer.MAX_CHUNK_BYTES;
            if (next == null || full || stuck) {
                return Future.succeededFuture(new Transfer.Chunk(
                        items, next == null ? null : next.text(), Math.max(at.total(), items.size())));
            }
            return fill(next, items, sum);
        });
    }

    private Future<Step> step(ReadCursor at, long budget, boolean first) {
        if (at.part() == ReadCursor.Part.KEYS) {
            return keys.read(at).map(step -> step.next() == null ? Step.at(nextPart(at)) : step);
        }
        boolean ofDirectory = at.part() == ReadCursor.Part.APPLICATIONS || at.part() == ReadCursor.Part.EVENT_TYPES;
        if (at.place() == (ofDirectory ? 1 : calls.shards().count())) {
            return Future.succeededFuture(Step.at(nextPart(at)));
        }
        if (!at.inside()) {
            return group(at, ofDirectory || at.part() == ReadCursor.Part.TASKS);
        }
        return switch (at.part()) {
            case APPLICATIONS -> entities(at, calls.shards().directory(), "a:", "an:");
            case EVENT_TYPES -> entities(at, calls.shards().directory(), "t:", "tn:");
            case ENDPOINTS -> entities(at, calls.shards().prefix(at.place()), "n:", "s:");
            case QUEUES -> queues(at);
            case TASKS -> tasks(at);
            default -> messages.read(at, PAGE_ITEMS, budget, first);
        };
    }

    private static @Nullable ReadCursor nextPart(ReadCursor at) {
        ReadCursor.Part[] all = ReadCursor.Part.values();
        int next = List.of(all).indexOf(at.part()) + 1;
        return next == all.length ? null : ReadCursor.start(all[next], at.total());
    }

    /** Goes into the next organisation or application. */
    private Future<Step> group(ReadCursor at, boolean ofOrganizations) {
        String prefix =
                ofOrganizations ? calls.shards().directory() : calls.shards().prefix(at.place());
        return link.run(NAMES, prefix, List.of(ofOrganizations ? "o" : "aa", at.group(), 1))
                .map(answer -> {
                    Response names = answer.get(1);
                    return Step.at(
                            names.size() == 0
                                    ? at.nextPlace()
                                    : at.inGroup(names.get(0).toString(), ""));
                });
    }

    private Future<Step> entities(ReadCursor at, String prefix, String rows, String names) {
        List<Object> args = List.of(
                rows + at.group(),
                names + at.group(),
                at.after().isEmpty() ? "-" : "(" + at.after(),
                "+",
                0,
                PAGE_ITEMS);
        return link.run(PAGE, prefix, args).map(answer -> {
            List<StoredItem> items = new ArrayList<>();
            String last = at.after();
            for (int i = 0; i < answer.size(); i += 2) {
                last = answer.get(i).toString();
                Response row = answer.get(i + 1);
                if (row != null) {
                    items.add(new StoredItem.OfEntity(EntityRow.decode(row.toBytes())));
                }
            }
            boolean end = answer.size() / 2 < PAGE_ITEMS;
            return new Step(items, end ? at.pastGroup() : at.inGroup(at.group(), last), 0);
        });
    }

    private Future<Step> queues(ReadCursor at) {
        return calls.read(QUEUES, at.place(), List.of(at.group(), at.after(), PAGE_ITEMS))
                .map(answer -> {
                    List<StoredItem> items = new ArrayList<>();
                    for (Response row : answer.get(3)) {
                        long parked = row.get(2).toLong();
                        items.add(new StoredItem.OfQueue(
                                new ApplicationId(ApplicationId.PREFIX + at.group()),
                                new EndpointId(EndpointId.PREFIX + row.get(0)),
                                row.get(1).toString().equals("1"),
                                parked == 0 ? null : Instant.ofEpochMilli(parked),
                                CAUSES[row.get(3).toInteger()],
                                row.get(4).toInteger(),
                                row.get(5).toLong(),
                                row.get(6).toLong(),
                                row.get(7).toLong(),
                                CircuitText.read(row.get(8))));
                    }
                    boolean end = answer.get(1).toInteger() == 1;
                    return new Step(
                            items,
                            end
                                    ? at.pastGroup()
                                    : at.inGroup(at.group(), answer.get(2).toString()),
                            0);
                });
    }

    private Future<Step> tasks(ReadCursor at) {
        List<Object> args = List.of(at.group(), at.after().isEmpty() ? "-" : "(" + at.after(), "+", 0, PAGE_ITEMS);
        return calls.read(TASKS, at.place(), args).map(answer -> {
            List<StoredItem> items = new ArrayList<>();
            String last = at.after();
            Response each = answer.get(2);
            for (int i = 0; i < each.size(); i += 2) {
                last = each.get(i).toString();
                items.add(TaskFields.decode(new TaskId(TaskId.PREFIX + last), each.get(i + 1))
                        .item());
            }
            boolean end = answer.get(1).toInteger() == 1;
            return new Step(items, end ? at.pastGroup() : at.inGroup(at.group(), last), 0);
        });
    }
}
