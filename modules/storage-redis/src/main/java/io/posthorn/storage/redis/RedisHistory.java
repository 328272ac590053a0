package io.posthorn.storage.redis;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SortableId;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.rows.AttemptRow;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads messages and attempts, and drops their contents on request. Any thread. */
final class RedisHistory {
    private static final Script MESSAGE = Script.of("message");
    private static final Script MESSAGES = Script.of("messages");
    private static final Script ATTEMPT = Script.of("attempt");
    private static final Script ATTEMPTS_OF_MESSAGE = Script.of("attempts-of-message");
    private static final Script ATTEMPTS_OF_ENDPOINT = Script.of("attempts-of-endpoint");
    private static final Script EXPUNGE_MESSAGE = Script.of("expunge-message");
    private static final Script EXPUNGE_ATTEMPT = Script.of("expunge-attempt");

    /** Bytes of payload in one answer, but for the first message of it. */
    private static final int MAX_BYTES = 1 << 20;

    private final ShardCalls calls;

    RedisHistory(ShardCalls calls) {
        this.calls = calls;
    }

    Future<Message> message(StorageQuery.OneMessage query) {
        boolean byId = MessageId.isValid(query.reference());
        List<String> args = List.of(
                Names.bare(query.application().value()),
                byId ? Names.bare(query.reference()) : query.reference(),
                byId ? "0" : "1",
                query.withPayload() ? "1" : "0");
        return calls.read(MESSAGE, shard(query.application()), args)
                .compose(answer -> answer.size() == 1
                        ? notFound()
                        : Future.succeededFuture(message(
                                answer.get(1).toString(),
                                answer.get(2),
                                query.withPayload(),
                                answer.get(0).toLong())));
    }

    Future<StorageQuery.MessagePage> messages(StorageQuery.Messages query) {
        PageScan<Message> scan = new PageScan<>(query.page(), range -> {
            List<Object> args = List.of(
                    Names.bare(query.application().value()),
                    range.low(),
                    range.high(),
                    range.down() ? 1 : 0,
                    range.count(),
                    query.withPayload() ? MAX_BYTES : 0);
            return calls.read(MESSAGES, shard(query.application()), args).map(answer -> {
                List<PageScan.Row<Message>> rows = new ArrayList<>();
                Response each = answer.get(2);
                for (int i = 0; i < each.size(); i += 2) {
                    String id = each.get(i).toString();
                    // An id without a record is for the recount to find.
                    Message message = each.get(i + 1).toBytes().length == 0
                            ? null
                            : message(
                                    id,
                                    each.get(i + 1),
                                    query.withPayload(),
                                    answer.get(0).toLong());
                    rows.add(new PageScan.Row<>(id, message == null || !isWanted(query, message) ? null : message));
                }
                return new PageScan.Rows<>(rows, answer.get(1).toInteger() == 1);
            });
        });
        return scan.read(
                        lowest(query.after()),
                        lowest(query.before()),
                        query.page().from() == null
                                ? null
                                : Names.bare(query.page().from()))
                .map(page -> new StorageQuery.MessagePage(page.items(), page.done()));
    }

    private static boolean isWanted(StorageQuery.Messages query, Message message) {
        return (query.eventTypes() == null || query.eventTypes().contains(message.eventType()))
                && (query.channel() == null || message.channels().contains(query.channel()));
    }

    Future<StorageQuery.AttemptPage> attempts(StorageQuery.Attempts query) {
        MessageId message = query.message();
        PageScan.Part<Attempt> part;
        if (message != null) {
            part = range -> attemptsOfMessage(query, message, range);
        } else if (query.endpoint() != null) {
            String endpoint = Names.bare(query.endpoint().value());
            part = range -> attemptsOfEndpoint(query, endpoint, range);
        } else {
            return Future.failedFuture(
                    new PosthornException(ErrorCode.INVALID, "attempts are listed by message or by endpoint"));
        }
        return new PageScan<>(query.page(), part)
                .read(
                        lowest(query.after()),
                        lowest(query.before()),
                        query.page().from() == null
                                ? null
                                : Names.bare(query.page().from()))
                .map(page -> new StorageQuery.AttemptPage(page.items(), page.done()));
    }

    private Future<PageScan.Rows<Attempt>> attemptsOfMessage(
            StorageQuery.Attempts query, MessageId message, PageScan.Range range) {
        List<Object> args = List.of(
                Names.bare(message.value()),
                range.high().equals("+") ? "" : range.high().substring(1),
                range.low().startsWith("(") ? range.low().substring(1) : "",
                range.low().startsWith("[") ? range.low().substring(1) : "",
                range.down() ? 1 : 0,
                range.count());
        return calls.read(ATTEMPTS_OF_MESSAGE, shard(query.application()), args).map(answer -> {
            List<PageScan.Row<Attempt>> rows = new ArrayList<>();
            Response each = answer.get(2);
            for (int i = 0; i < each.size(); i += 2) {
                String id = each.get(i).toString();
                rows.add(new PageScan.Row<>(id, wanted(query, attempt(message, id, each.get(i + 1)))));
            }
            return new PageScan.Rows<>(rows, answer.get(1).toInteger() == 1);
        });
    }

    private Future<PageScan.Rows<Attempt>> attemptsOfEndpoint(
            StorageQuery.Attempts query, String endpoint, PageScan.Range range) {
        // Behind each attempt stands its message, so that what is above an attempt is above all of that form.
        String low = range.low().startsWith("(") ? range.low() + "~" : range.low();
        List<Object> args = List.of(endpoint, low, range.high(), range.down() ? 1 : 0, range.count());
        return calls.read(ATTEMPTS_OF_ENDPOINT, shard(query.application()), args)
                .map(answer -> {
                    List<PageScan.Row<Attempt>> rows = new ArrayList<>();
                    Response each = answer.get(2);
                    for (int i = 0; i < each.size(); i += 2) {
                        String name = each.get(i).toString();
                        String id = name.substring(0, SortableId.CHARACTERS);
                        MessageId message = new MessageId(MessageId.PREFIX + name.substring(SortableId.CHARACTERS));
                        rows.add(new PageScan.Row<>(id, wanted(query, attempt(message, id, each.get(i + 1)))));
                    }
                    return new PageScan.Rows<>(rows, answer.get(1).toInteger() == 1);
                });
    }

    private static @Nullable Attempt wanted(StorageQuery.Attempts query, @Nullable Attempt attempt) {
        boolean wanted = attempt != null
                && attempt.delivery().application().equals(query.application())
                && (query.endpoint() == null || attempt.delivery().endpoint().equals(query.endpoint()))
                && (query.succeeded() == null || query.succeeded() == attempt.succeeded())
                && (query.statusClass() == null || query.statusClass() == attempt.statusCode() / 100 * 100);
        return wanted ? attempt : null;
    }

    Future<Attempt> attempt(StorageQuery.OneAttempt query) {
        List<String> args = List.of(
                Names.bare(query.message().value()), Names.bare(query.attempt().value()));
        return calls.read(ATTEMPT, shard(query.application()), args).compose(answer -> {
            Response row = answer.size() < 2 ? null : answer.get(1);
            Attempt attempt = row == null ? null : AttemptRow.decode(query.message(), query.attempt(), row.toBytes());
            return attempt == null || !attempt.delivery().application().equals(query.application())
                    ? notFound()
                    : Future.succeededFuture(attempt);
        });
    }

    Future<Void> expunge(Requests.ExpungeMessage request) {
        List<String> args = List.of(
                Names.bare(request.application().value()),
                Names.bare(request.message().value()));
        return calls.lasting(EXPUNGE_MESSAGE, shard(request.application()), args)
                .compose(RedisHistory::done);
    }

    Future<Void> expunge(Requests.ExpungeAttempt request) {
        StorageQuery.OneAttempt query =
                new StorageQuery.OneAttempt(request.application(), request.message(), request.attempt());
        return attempt(query).compose(attempt -> {
            List<Object> args = List.of(
                    Names.bare(request.message().value()),
                    Names.bare(request.attempt().value()),
                    AttemptRow.encode(AttemptRow.expunged(attempt)));
            return calls.lasting(EXPUNGE_ATTEMPT, shard(request.application()), args)
                    .compose(RedisHistory::done);
        });
    }

    private static Future<Void> done(Response answer) {
        return answer.get(1).toString().equals("D") ? Future.succeededFuture() : notFound();
    }

    private static @Nullable Attempt attempt(MessageId message, String id, Response row) {
        byte[] bytes = row.toBytes();
        return bytes.length == 0 ? null : AttemptRow.decode(message, new AttemptId(AttemptId.PREFIX + id), bytes);
    }

    private static Message message(String id, Response row, boolean withPayload, long now) {
        return StoredMessage.decode(new MessageId(MessageId.PREFIX + id), row.toBytes(), withPayload, now)
                .message();
    }

    private int shard(ApplicationId application) {
        return calls.shards().of(application);
    }

    private static @Nullable String lowest(@Nullable Instant time) {
        return time == null ? null : SortableId.lowest("", time.toEpochMilli());
    }

    static <T> Future<T> notFound() {
        return Future.failedFuture(new PosthornException(ErrorCode.NOT_FOUND, "Entity not found"));
    }
}
