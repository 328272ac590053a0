package io.posthorn.storage.redis;

import io.posthorn.contract.Backlog;
import io.posthorn.contract.Books;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.WaitCause;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What queues do now, and why they wait. Any thread. */
final class QueueStates {
    private static final Script STATE = Script.of("queue-state", "queue");
    private static final Script BACKLOG = Script.of("backlog", "queue");
    private static final WaitCause[] CAUSES = WaitCause.values();
    private static final int ENDPOINTS_A_CALL = 300;
    private static final int FIELDS = 8;

    private final ShardCalls calls;

    QueueStates(ShardCalls calls) {
        this.calls = calls;
    }

    /** Times by the clock of Redis; negative for none. */
    private record View(
            long waiting,
            long inFlight,
            int limit,
            long parkedUntil,
            int parkCause,
            boolean off,
            long due,
            boolean room) {
        static View of(Response answer, int from) {
            return new View(
                    answer.get(from).toLong(),
                    answer.get(from + 1).toLong(),
                    answer.get(from + 2).toInteger(),
                    answer.get(from + 3).toLong(),
                    answer.get(from + 4).toInteger(),
                    answer.get(from + 5).toInteger() == 1,
                    answer.get(from + 6).toLong(),
                    answer.get(from + 7).toInteger() == 1);
        }

        WaitCause cause(long now) {
            if (off) {
                return WaitCause.ENDPOINT_DISABLED;
            }
            if (parkedUntil >= 0) {
                return CAUSES[parkCause];
            }
            if (waiting <= 0 && inFlight > 0) {
                return WaitCause.IN_FLIGHT;
            }
            if (!room) {
                return WaitCause.CONCURRENCY_FULL;
            }
            return due > now ? WaitCause.DUE_LATER : WaitCause.READY;
        }
    }

    Future<QueueState> queue(StorageQuery.QueueOf query) {
        int shard = calls.shards().of(query.application());
        List<String> args = List.of(Names.bare(query.endpoint().value()));
        return calls.read(STATE, shard, args).map(answer -> {
            long now = answer.get(0).toLong();
            boolean known = answer.get(1).toInteger() == 1;
            long[] sums = new long[5];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = answer.get(2 + i).toLong();
            }
            Books books = books(sums);
            View view = new View(
                    books.waiting(),
                    books.inFlight(),
                    answer.get(7).toInteger(),
                    answer.get(8).toLong(),
                    answer.get(9).toInteger(),
                    !known || answer.get(10).toInteger() == 1,
                    answer.get(11).toLong(),
                    answer.get(12).toInteger() == 1);
            WaitCause cause = view.cause(now);
            long until = view.parkedUntil() >= 0 ? view.parkedUntil() : cause == WaitCause.DUE_LATER ? view.due() : -1;
            return new QueueState(
                    books, instant(view.due()), cause, instant(until), view.limit(), CircuitText.read(answer.get(13)));
        });
    }

    /** The counts are of one moment in each shard; causes are gathered in steps, so that none takes long. */
    Future<Backlog> backlog() {
        List<Future<Gathered>> all = new ArrayList<>();
        for (int shard = 0; shard < calls.shards().count(); shard++) {
            all.add(gather(shard));
        }
        return Future.join(all).map(done -> {
            Books books = Books.EMPTY;
            Gathered sum = new Gathered();
            for (Future<Gathered> one : all) {
                books = books.plus(one.result().books);
                sum.add(one.result());
                sum.tasks += one.result().tasks;
            }
            List<Backlog.Share> shares = new ArrayList<>();
            sum.shares.forEach((cause, sums) -> shares.add(
                    new Backlog.Share(cause, sums[0], sums[1], sums[2] == News.NEVER ? null : instant(sums[2]))));
            return new Backlog(books, shares, sum.tasks);
        });
    }

    /** What was found in a shard so far: endpoints, deliveries and earliest due time of each cause. */
    private static final class Gathered {
        Books books = Books.EMPTY;
        long tasks;
        final Map<WaitCause, long[]> shares = new EnumMap<>(WaitCause.class);

        void add(WaitCause cause, long endpoints, long deliveries, long due) {
            long[] sums = shares.computeIfAbsent(cause, absent -> new long[] {0, 0, News.NEVER});
            sums[0] += endpoints;
            sums[1] += deliveries;
            sums[2] = Math.min(sums[2], due);
        }

        void add(Gathered other) {
            other.shares.forEach((cause, sums) -> add(cause, sums[0], sums[1], sums[2]));
        }
    }

    private Future<Gathered> gather(int shard) {
        Gathered sum = new Gathered();
        String[] cursor = {"0"};
        return Steps.whileMore(() -> gather(shard, cursor[0], sum).map(next -> {
                    cursor[0] = next;
                    return !next.equals("0");
                }))
                .map(done -> sum);
    }

    /** Completes with the cursor to go on from. */
    private Future<String> gather(int shard, String cursor, Gathered sum) {
        return calls.read(BACKLOG, shard, List.of(cursor, ENDPOINTS_A_CALL)).map(answer -> {
            long now = answer.get(0).toLong();
            long[] sums = new long[5];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = answer.get(2).get(i).toLong();
            }
            sum.books = books(sums);
            sum.tasks = answer.get(4).toLong();
            Response found = answer.get(3);
            for (int i = 0; i < found.size(); i += FIELDS) {
                View view = View.of(found, i);
                if (view.waiting() > 0) {
                    sum.add(view.cause(now), 1, view.waiting(), view.due() < 0 ? News.NEVER : view.due());
                }
                if (view.inFlight() > 0) {
                    sum.add(WaitCause.IN_FLIGHT, 1, view.inFlight(), News.NEVER);
                }
            }
            return answer.get(1).toString();
        });
    }

    private static Books books(long[] sums) {
        long open = sums[0] - sums[1] - sums[2] - sums[3];
        return new Books(sums[0], sums[1], sums[2], sums[3], open - sums[4], sums[4]);
    }

    private @Nullable Instant instant(long redisMillis) {
        return redisMillis < 0 ? null : calls.time().toNode(redisMillis);
    }
}
