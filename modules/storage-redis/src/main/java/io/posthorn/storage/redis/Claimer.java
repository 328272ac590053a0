package io.posthorn.storage.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import io.posthorn.storage.api.ClaimAnswer;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Asks the shards that have something to claim, in rotation, some at a time. Any thread. */
final class Claimer {
    /** Deliveries of one endpoint in one turn. */
    static final int QUANTUM = 8;

    private static final Script CLAIM = Script.of("claim", "queue");
    private static final int MAX_ITEMS = 512;

    /** Of messages in one claim, but for the first of each shard. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int AT_ONCE = 4;
    private static final int MAX_ENDPOINTS = 20_000;

    private final ShardCalls calls;
    private final AtomicInteger rotation = new AtomicInteger();
    private final Cache<EndpointId, Known> endpoints =
            Caffeine.newBuilder().maximumSize(MAX_ENDPOINTS).build();

    /** An endpoint with the row that it was read from, so that the same row is not read again. */
    @SuppressWarnings("ArrayRecordComponent") // compared by content where it is
    private record Known(byte[] row, Endpoint endpoint) {}

    Claimer(ShardCalls calls) {
        this.calls = calls;
    }

    Future<ClaimAnswer> claim(ClaimRequest request) {
        List<Integer> claimable = calls.news().claimable(calls.time().millis());
        Hand hand = new Hand(request);
        if (!claimable.isEmpty()) {
            int first = Math.floorMod(rotation.getAndIncrement(), claimable.size());
            hand.left.addAll(claimable.subList(first, claimable.size()));
            hand.left.addAll(claimable.subList(0, first));
        }
        return ask(hand).map(done -> new ClaimAnswer(hand.claimed, nextAt()));
    }

    private @Nullable Instant nextAt() {
        long next = calls.news().say();
        return next == News.NEVER
                ? null
                : calls.time().toNode(Math.max(next, calls.time().millis()));
    }

    /** The deliveries of one claim, gathered. */
    private static final class Hand {
        final ClaimRequest request;
        final Deque<Integer> left = new ArrayDeque<>();
        final List<ClaimedDelivery> claimed = new ArrayList<>();
        int bytes;

        Hand(ClaimRequest request) {
            this.request = request;
        }

        int room() {
            return bytes >= MAX_BYTES ? 0 : request.max() - claimed.size();
        }
    }

    private Future<Void> ask(Hand hand) {
        int shards = Math.min(Math.min(AT_ONCE, hand.left.size()), hand.room());
        if (shards <= 0) {
            return Future.succeededFuture();
        }
        int room = hand.room();
        int budget = Math.max(1, (MAX_BYTES - hand.bytes) / shards);
        List<Future<Void>> asked = new ArrayList<>();
        for (int i = shards; i > 0; i--) {
            int share = Math.min(MAX_ITEMS, (room + i - 1) / i);
            room -= share;
            asked.add(ask(hand, hand.left.remove(), share, budget));
        }
        return Future.join(asked).transform((joined, failure) -> {
            // What some shards handed out must reach the caller even where others failed.
            boolean nothing = hand.claimed.isEmpty();
            if (failure != null) {
                return nothing ? Future.failedFuture(failure) : Future.succeededFuture();
            }
            return ask(hand);
        });
    }

    private Future<Void> ask(Hand hand, int shard, int most, int budget) {
        List<Object> args = List.of(
                UUID.randomUUID(),
                most,
                hand.request.lease().toMillis(),
                hand.request.node().value(),
                budget,
                QUANTUM);
        return calls.look(CLAIM, shard, args).map(answer -> {
            List<ClaimedDelivery> deliveries = deliveries(answer);
            int bytes = bytes(answer.get(5), answer.get(6));
            synchronized (hand) {
                hand.claimed.addAll(deliveries);
                hand.bytes += bytes;
                // Less than asked for was all that it may give to one claim.
                boolean more = answer.get(1).toLong() == 0 && answer.get(7).toInteger() == 0;
                if (deliveries.size() == most && more) {
                    hand.left.add(shard);
                }
            }
            return null;
        });
    }

    /** Of the messages, once for each delivery, as they travel to another node. */
    private static int bytes(Response messages, Response deliveries) {
        int[] sizes = new int[messages.size() / 2];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = messages.get(2 * i + 1).toBytes().length;
        }
        int sum = 0;
        for (int i = 1; i < deliveries.size(); i += 4) {
            sum += sizes[deliveries.get(i).toInteger()];
        }
        return sum;
    }

    private List<ClaimedDelivery> deliveries(Response answer) {
        long now = answer.get(0).toLong();
        long fence = answer.get(2).toLong();
        Instant leaseUntil = calls.time().toNode(answer.get(3).toLong());
        List<Endpoint> found = new ArrayList<>();
        List<@Nullable Circuit> circuits = new ArrayList<>();
        List<Message> messages = new ArrayList<>();
        Response rows = answer.get(4);
        for (int i = 0; i < rows.size(); i += 4) {
            found.add(endpoint(rows.get(i).toString(), rows.get(i + 2).toBytes()));
            circuits.add(CircuitText.read(rows.get(i + 3)));
        }
        Response stored = answer.get(5);
        for (int i = 0; i < stored.size(); i += 2) {
            MessageId id = new MessageId(MessageId.PREFIX + stored.get(i));
            messages.add(StoredMessage.decode(id, stored.get(i + 1).toBytes(), true, now)
                    .message());
        }
        Map<String, Integer> rates = new HashMap<>();
        Response limited = answer.get(8);
        for (int i = 0; i < limited.size(); i += 2) {
            rates.put(limited.get(i).toString(), limited.get(i + 1).toInteger());
        }
        Response each = answer.get(6);
        List<ClaimedDelivery> deliveries = new ArrayList<>(each.size() / 4);
        for (int i = 0; i < each.size(); i += 4) {
            Endpoint endpoint = found.get(each.get(i).toInteger());
            Message message = messages.get(each.get(i + 1).toInteger());
            ApplicationId application = endpoint.application();
            deliveries.add(new ClaimedDelivery(
                    new DeliveryKey(application, endpoint.id(), message.id()),
                    fence,
                    leaseUntil,
                    each.get(i + 2).toInteger() + 1,
                    each.get(i + 3).toString().equals("m") ? Trigger.MANUAL : Trigger.SCHEDULED,
                    message,
                    endpoint,
                    circuits.get(each.get(i).toInteger()),
                    rates.get(Names.bare(application.value()))));
        }
        return deliveries;
    }

    private Endpoint endpoint(String bare, byte[] row) {
        EndpointId id = new EndpointId(EndpointId.PREFIX + bare);
        Known known = endpoints.getIfPresent(id);
        if (known == null || !Arrays.equals(known.row(), row)) {
            known = new Known(row, (Endpoint) EntityRow.decode(row));
            endpoints.put(id, known);
        }
        return known.endpoint();
    }
}
