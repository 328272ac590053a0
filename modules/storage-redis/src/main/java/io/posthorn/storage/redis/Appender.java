package io.posthorn.storage.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.SortableId;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stores messages. Which endpoints want one is found here, in a copy of the directory whose version the script compares
 * with its own, so that a message accepted after a change was acknowledged sees it. Any thread.
 */
final class Appender {
    private static final Script APPEND = Script.of("append", "queue");
    private static final int MAX_REFERENCES = 20_000;
    private static final int MAX_ITEMS = 512;
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DELIVERIES = 2_000;
    private static final int MAX_TURNS = 10;

    private final ShardCalls calls;
    private final RedisDirectory directory;
    private final Cache<Reference, VersionedSubscriptions> known =
            Caffeine.newBuilder().maximumSize(MAX_REFERENCES).build();

    private record Reference(OrganizationId organization, String application) {
        static Reference of(NewMessage message) {
            return new Reference(message.organization(), message.application());
        }
    }

    /** A message on its way, with its place in the answer. */
    private record Item(int index, NewMessage wanted, Message message, List<EndpointId> endpoints, long version) {
        int bytes() {
            return wanted.payload().length();
        }
    }

    Appender(ShardCalls calls, RedisDirectory directory) {
        this.calls = calls;
        this.directory = directory;
    }

    Future<List<AppendOutcome>> append(List<NewMessage> messages) {
        @Nullable AppendOutcome[] outcomes = new AppendOutcome[messages.size()];
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            all.add(i);
        }
        return append(messages, all, outcomes, 0).map(done -> {
            List<AppendOutcome> complete = new ArrayList<>();
            for (AppendOutcome outcome : outcomes) {
                if (outcome == null) {
                    throw new IllegalStateException("a message without an outcome");
                }
                complete.add(outcome);
            }
            return complete;
        });
    }

    /** Appends those with these numbers; again, with a fresh copy of the directory, what the script found stale. */
    private Future<Void> append(
            List<NewMessage> messages, List<Integer> numbers, @Nullable AppendOutcome[] outcomes, int turn) {
        if (turn == MAX_TURNS) {
            return Future.failedFuture(new PosthornException(
                    ErrorCode.OVERLOADED, "the endpoints of the application change faster than they can be read"));
        }
        Map<Reference, Future<VersionedSubscriptions>> wanted = new LinkedHashMap<>();
        for (int number : numbers) {
            wanted.computeIfAbsent(Reference.of(messages.get(number)), absent -> subscriptions(absent, turn > 0));
        }
        return Future.join(List.copyOf(wanted.values())).transform((joined, failure) -> {
            Map<Integer, List<Item>> byShard = new LinkedHashMap<>();
            for (int number : numbers) {
                Future<VersionedSubscriptions> found =
                        Objects.requireNonNull(wanted.get(Reference.of(messages.get(number))));
                if (found.failed()) {
                    if (!isNotFound(found.cause())) {
                        return Future.failedFuture(found.cause());
                    }
                    outcomes[number] = new AppendOutcome.NoSuchApplication();
                    continue;
                }
                Item item = item(number, messages.get(number), found.result());
                if (item == null) {
                    outcomes[number] = new AppendOutcome.NoSuchApplication();
                } else {
                    byShard.computeIfAbsent(calls.shards().of(item.message().application()), s -> new ArrayList<>())
                            .add(item);
                }
            }
            return send(byShard, outcomes)
                    .compose(stale ->
                            stale.isEmpty() ? Future.succeededFuture() : append(messages, stale, outcomes, turn + 1));
        });
    }

    private Future<VersionedSubscriptions> subscriptions(Reference reference, boolean fresh) {
        VersionedSubscriptions kept = fresh ? null : known.getIfPresent(reference);
        if (kept != null) {
            return Future.succeededFuture(kept);
        }
        return directory
                .subscriptions(reference.organization(), reference.application())
                .onSuccess(read -> known.put(reference, read))
                .onFailure(gone -> known.invalidate(reference));
    }

    /** Null when it names an endpoint that is not there. */
    private static @Nullable Item item(int number, NewMessage wanted, VersionedSubscriptions subscriptions) {
        VersionedSubscriptions.Match match = wanted.onlyEndpoint() == null
                ? subscriptions.matching(wanted.eventType(), wanted.channels())
                : subscriptions.only(wanted.onlyEndpoint());
        if (match.endpoints().size() > StoredMessage.MAX_FAN_OUT) {
            throw new PosthornException(
                    ErrorCode.LIMIT_REACHED, "an event goes to at most " + StoredMessage.MAX_FAN_OUT + " endpoints");
        }
        if (wanted.onlyEndpoint() != null && match.endpoints().isEmpty()) {
            return null;
        }
        Instant createdAt =
                Instant.ofEpochMilli(SortableId.epochMillis(wanted.id().value()));
        Message message = new Message(
                wanted.id(),
                subscriptions.application().id(),
                wanted.eventType(),
                wanted.eventId(),
                wanted.channels(),
                createdAt,
                createdAt.plus(wanted.retention()),
                wanted.payload());
        List<EndpointId> endpoints =
                match.endpoints().stream().map(Endpoint::id).toList();
        return new Item(number, wanted, message, endpoints, match.version());
    }

    /** Completes with the numbers of those whose copy of the directory was old. */
    private Future<List<Integer>> send(Map<Integer, List<Item>> byShard, @Nullable AppendOutcome[] outcomes) {
        List<Integer> stale = new ArrayList<>();
        List<Future<Void>> sent = new ArrayList<>();
        byShard.forEach((shard, items) -> {
            // One after the other: the same id twice is to be found by the second.
            Future<Void> last = Future.succeededFuture();
            for (List<Item> part : parts(items)) {
                last = last.compose(before -> send(shard, part, outcomes, stale));
            }
            sent.add(last);
        });
        return Future.join(sent).map(all -> {
            synchronized (stale) {
                return List.copyOf(stale);
            }
        });
    }

    private static List<List<Item>> parts(List<Item> items) {
        List<List<Item>> parts = new ArrayList<>();
        List<Item> part = new ArrayList<>();
        int bytes = 0;
        int deliveries = 0;
        for (Item item : items) {
            bytes += item.bytes();
            deliveries += item.endpoints().size();
            boolean full = part.size() == MAX_ITEMS || bytes > MAX_BYTES || deliveries > MAX_DELIVERIES;
            if (full && !part.isEmpty()) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = item.bytes();
                deliveries = item.endpoints().size();
            }
            part.add(item);
        }
        parts.add(part);
        return parts;
    }

    private Future<Void> send(int shard, List<Item> items, @Nullable AppendOutcome[] outcomes, List<Integer> stale) {
        List<Object> args = new ArrayList<>();
        args.add(items.size());
        for (Item item : items) {
            Message message = item.message();
            IdempotencyKey key = item.wanted().idempotencyKey();
            args.add(Names.bare(message.application().value()));
            args.add(item.version());
            args.add(Names.bare(message.id().value()));
            args.add(key == null ? "" : key.digest());
            args.add(key == null ? "" : key.bodyDigest());
            args.add(message.eventId() == null ? "" : message.eventId());
            args.add(TimeUnit.MILLISECONDS.toHours(message.contentExpiresAt().toEpochMilli()));
            args.add(item.endpoints().size());
            item.endpoints().forEach(endpoint -> args.add(Names.bare(endpoint.value())));
            args.add(StoredMessage.encode(message, item.endpoints()));
        }
        return calls.durableChange(APPEND, shard, args).map(answer -> {
            Response each = answer.get(2);
            for (int i = 0; i < items.size(); i++) {
                Item item = items.get(i);
                AppendOutcome outcome = outcome(item, each.get(i), answer.get(0).toLong());
                if (outcome == null) {
                    synchronized (stale) {
                        stale.add(item.index());
                    }
                } else {
                    outcomes[item.index()] = outcome;
                }
            }
            return null;
        });
    }

    /** Null when the copy of the directory was old. */
    private static @Nullable AppendOutcome outcome(Item item, Response answer, long now) {
        String word = answer.get(0).toString();
        return switch (word) {
            case "A" ->
                new AppendOutcome.Appended(item.message(), item.endpoints().size());
            case "R" -> {
                MessageId id = new MessageId(MessageId.PREFIX + answer.get(1));
                yield new AppendOutcome.Repeated(
                        StoredMessage.decode(id, answer.get(2).toBytes(), true, now)
                                .message());
            }
            case "E" ->
                new AppendOutcome.EventIdTaken(String.valueOf(item.message().eventId()));
            case "K" -> new AppendOutcome.KeyReused();
            case "N", "V" -> null;
            default -> throw new IllegalStateException("the script answered " + word);
        };
    }

    private static boolean isNotFound(Throwable failure) {
        return failure instanceof PosthornException refused && refused.code() == ErrorCode.NOT_FOUND;
    }
}
