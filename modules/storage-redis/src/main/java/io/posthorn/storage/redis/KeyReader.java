package io.posthorn.storage.redis;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Entity;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.MessageId;
import io.posthorn.storage.api.StoredItem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads idempotency keys for another store. They hold for two days and are not worth an index, so that all keys of each node
 * are gone through once. Any thread.
 */
final class KeyReader {
    private static final Script READ = Script.of("read-keys");
    private static final int COUNT = 150;

    private final ShardCalls calls;
    private final RedisLink link;

    KeyReader(ShardCalls calls, RedisLink link) {
        this.calls = calls;
        this.link = link;
    }

    /** The step's next is null when there are no more. */
    Future<StoreReader.Step> read(ReadCursor at) {
        List<String> nodes = calls.shards().onePerNode(link);
        if (at.place() >= nodes.size()) {
            return Future.succeededFuture(StoreReader.Step.at(null));
        }
        String prefix = nodes.get(at.place());
        Request scan = Request.cmd(Command.SCAN)
                .arg(at.inside() ? at.after() : "0")
                .arg("MATCH")
                .arg(calls.shards().patternOfAll("k"))
                .arg("COUNT")
                .arg(COUNT);
        return link.read(prefix, List.of(Request.cmd(Command.INFO).arg("server"), scan))
                .compose(answers -> {
                    String run = run(answers.get(0));
                    if (at.inside() && !at.group().equals(run)) {
                        // A cursor is worth nothing after a restart: what was read is passed over by whoever writes it.
                        return Future.succeededFuture(
                                StoreReader.Step.at(ReadCursor.start(ReadCursor.Part.KEYS, at.total())));
                    }
                    Response part = answers.get(1);
                    String next = part.get(0).toString();
                    ReadCursor after = next.equals("0") ? at.nextPlace() : at.inGroup(run, next);
                    return items(part.get(1)).map(items -> new StoreReader.Step(items, after, 0));
                });
    }

    private static String run(@Nullable Response info) {
        return String.valueOf(info)
                .lines()
                .filter(line -> line.startsWith("run_id:"))
                .findFirst()
                .orElse("");
    }

    private Future<List<StoredItem>> items(Response names) {
        Map<String, List<String>> byPrefix = new LinkedHashMap<>();
        for (Response name : names) {
            String key = name.toString();
            int end = key.indexOf("}:", key.indexOf('{')) + 2;
            byPrefix.computeIfAbsent(key.substring(0, end), absent -> new ArrayList<>())
                    .add(key.substring(end + 2));
        }
        List<StoredItem> items = new ArrayList<>();
        Future<Void> each = Future.succeededFuture();
        for (Map.Entry<String, List<String>> entry : byPrefix.entrySet()) {
            each = each.compose(done -> link.run(READ, entry.getKey(), entry.getValue()))
                    .onSuccess(answer -> answer.get(1).forEach(row -> items.add(item(row))))
                    .mapEmpty();
        }
        return each.map(done -> items);
    }

    private static StoredItem item(Response row) {
        byte[] value = row.get(2).toBytes();
        String head = new String(value, StandardCharsets.ISO_8859_1);
        int blank = head.indexOf(' ');
        IdempotencyKey key = new IdempotencyKey(row.get(0).toString(), head.substring(1, blank));
        Instant usedAt = Instant.ofEpochMilli(row.get(1).toLong());
        if (head.charAt(0) == 'M') {
            return new StoredItem.OfKey(
                    key,
                    usedAt,
                    null,
                    new ApplicationId(ApplicationId.PREFIX + row.get(3)),
                    new MessageId(MessageId.PREFIX + head.substring(blank + 1)));
        }
        Entity made = EntityRow.decode(Buffer.buffer(value).getBytes(blank + 1, value.length));
        return new StoredItem.OfKey(key, usedAt, made, null, null);
    }
}
