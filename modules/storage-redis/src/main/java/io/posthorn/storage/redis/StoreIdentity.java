package io.posthorn.storage.redis;

import io.posthorn.storage.api.Transfer;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the store is, and which move into it was begun: fields of one hash. Any thread. */
final class StoreIdentity {
    private static final Script IS_EMPTY = Script.of("is-empty");
    private static final Script MARK = Script.of("mark");
    private static final int COUNT = 500;

    /** What a cleared store keeps: its identity, and numbers that must never go back. */
    private static final Set<String> KEPT = Set.of("store", "clk", "f");

    private final ShardCalls calls;
    private final RedisLink link;

    StoreIdentity(ShardCalls calls, RedisLink link) {
        this.calls = calls;
        this.link = link;
    }

    Future<Transfer.Identity> read() {
        List<Future<Boolean>> empty = new ArrayList<>();
        for (int shard = 0; shard < calls.shards().count(); shard++) {
            empty.add(isEmpty(calls.shards().prefix(shard)));
        }
        empty.add(isEmpty(calls.shards().directory()));
        Request fields = Request.cmd(Command.HMGET).arg(calls.shards().directory() + "store");
        List.of("id", "source", "cursor", "items", "ended").forEach(fields::arg);
        return Future.join(empty)
                .compose(all -> link.read(calls.shards().directory(), List.of(fields)))
                .map(answers -> {
                    Response found = answers.get(0);
                    Response source = found.get(1);
                    String cursor = found.get(2) == null ? "" : found.get(2).toString();
                    Transfer.Mark mark = source == null
                            ? null
                            : new Transfer.Mark(
                                    source.toString(),
                                    cursor.isEmpty() ? null : cursor,
                                    found.get(3).toLong(),
                                    found.get(4) != null);
                    return new Transfer.Identity(
                            found.get(0).toString(), empty.stream().allMatch(Future::result), mark);
                });
    }

    private Future<Boolean> isEmpty(String prefix) {
        return link.run(IS_EMPTY, prefix, List.of()).map(answer -> answer.get(1).toInteger() == 1);
    }

    Future<Void> mark(Transfer.@Nullable Mark mark) {
        List<Object> args = mark == null
                ? List.of("forget")
                : List.of(
                        mark.ended() ? "end" : "set",
                        mark.source(),
                        mark.cursor() == null ? "" : mark.cursor(),
                        mark.items());
        Future<Response> marked = link.runDurably(MARK, calls.shards().directory(), args);
        if (mark != null && !mark.ended()) {
            return marked.mapEmpty();
        }
        // Only then what says whose counts were added: as long as the move is under way, its source may be read again.
        return marked.compose(done -> {
                    List<Future<Response>> forgotten = new ArrayList<>();
                    for (int shard = 0; shard < calls.shards().count(); shard++) {
                        forgotten.add(link.runDurably(MARK, calls.shards().prefix(shard), List.of("forget")));
                    }
                    return Future.join(forgotten);
                })
                .mapEmpty();
    }

    /** Removes everything, some keys at a time. */
    Future<Void> clear() {
        return Steps.forEach(calls.shards().onePerNode(link), this::clear)
                .compose(done -> raiseFences())
                .compose(done -> link.runDurably(MARK, calls.shards().directory(), List.of("renew", UUID.randomUUID())))
                .mapEmpty();
    }

    /** What is made anew may land in another shard: its fences, too, are to be higher than all that were given out. */
    private Future<Void> raiseFences() {
        List<Future<Long>> fences = new ArrayList<>();
        for (int shard = 0; shard < calls.shards().count(); shard++) {
            String prefix = calls.shards().prefix(shard);
            fences.add(link.read(prefix, List.of(Request.cmd(Command.GET).arg(prefix + "f")))
                    .map(answers -> answers.get(0) == null ? 0L : answers.get(0).toLong()));
        }
        return Future.join(fences).compose(all -> {
            long highest = fences.stream().mapToLong(Future::result).max().orElse(0);
            List<Future<Response>> raised = new ArrayList<>();
            for (int shard = 0; shard < calls.shards().count(); shard++) {
                raised.add(link.runDurably(MARK, calls.shards().prefix(shard), List.of("fence", highest)));
            }
            return Future.join(raised).mapEmpty();
        });
    }

    private Future<Void> clear(String prefix) {
        String[] cursor = {"0"};
        return Steps.whileMore(() -> clear(prefix, cursor[0]).map(next -> {
            cursor[0] = next;
            return !next.equals("0");
        }));
    }

    /** Completes with the cursor to go on from. */
    private Future<String> clear(String prefix, String cursor) {
        Request scan = Request.cmd(Command.SCAN)
                .arg(cursor)
                .arg("MATCH")
                .arg(calls.shards().patternOfAll(null))
                .arg("COUNT")
                .arg(COUNT);
        return link.read(prefix, List.of(scan)).compose(answers -> {
            Response part = answers.get(0);
            Map<String, Request> byPrefix = new LinkedHashMap<>();
            for (Response name : part.get(1)) {
                String key = name.toString();
                int end = key.indexOf("}:", key.indexOf('{')) + 2;
                if (!KEPT.contains(key.substring(end))) {
                    byPrefix.computeIfAbsent(key.substring(0, end), absent -> Request.cmd(Command.UNLINK))
                            .arg(key);
                }
            }
            return Steps.forEach(
                            byPrefix.entrySet(),
                            entry -> link.read(entry.getKey(), List.of(entry.getValue()))
                                    .mapEmpty())
                    .map(part.get(0).toString());
        });
    }
}
