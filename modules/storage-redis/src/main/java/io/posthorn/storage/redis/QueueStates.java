package io.posthorn.storage.redis;

import io.posthorn.contract.ApplicationId;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What queues do now, and why they wait. Any thread. */
final class QueueStates {
    private static final Script STATE = Script.of("queue-state", "queue");
    private static final Script BACKLOG = Script.of("backlog", "queue");
    private static final Script OF_APPLICATION = Script.of("application-backlog", "queue");
    private static final WaitCause[] CAUSES = WaitCause.values();
    private static final int ENDPOINTS_A_CALL = 300;

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
        /** As the scripts write it. */
        static View of(Response standing) {
            return new View(
                    standing.get(0).toLong(),
                    standing.get(1).toLong(),
                    standing.get(2).toInteger(),
                    standing.get(3).toLong(),
                    standing.get(4).toInteger(),
                    standing.get(5).toInteger() == 1,
                    standing.get(6).toLong(),
                    standing.get(7).toInteger() == 1);
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
        return calls.read(STATE, shard, args).map(this::state);
    }

    /** Reads an answer that begins as that of {@code queue-state} does. */
    QueueState state(Response answer) {
        long now = answer.get(0).toLong();
        boolean known = answer.get(1).toInteger() == 1;
        long[] ended = new long[4];
        for (int i = 0; i < ended.length; i++) {
            ended[i] = answer.get(2 + i).toLong();
        }
        View view = View.of(answer.get(6));
        Books books = new Books(ended[0], ended[1], ended[2], ended[3], view.waiting(), view.inFlight());
        WaitCause cause = known ? view.cause(now) : WaitCause.ENDPOINT_DISABLED;
        long until = view.parkedUntil() >= 0 ? view.parkedUntil() : cause == WaitCause.DUE_LATER ? view.due() : -1;
        return new QueueState(
                books, instant(view.due()), cause, instant(until), view.limit(), CircuitText.read(answer.get(7)));
    }

    /** The counts are of one moment in each shard; causes are gathered in steps, so that none takes long. */
    Future<Backlog> backlog(Backlog.Ask ask) {
        List<Future<Gathered>> all = new ArrayList<>();
        for (int shard = 0; shard < calls.shards().count(); shard++) {
            all.add(gather(shard, ask.applications() > 0));
        }
        return Future.join(all).map(done -> {
            Books books = Books.EMPTY;
            Gathered sum = new Gathered(false);
            for (Future<Gathered> one : all) {
                books = books.plus(one.result().books);
                sum.add(one.result());
                sum.tasks += one.result().tasks;
            }
            List<Backlog.Part> parts = new ArrayList<>();
            all.forEach(one -> one.result()
                    .parts
                    .forEach((name, part) ->
                            parts.add(new Backlog.Part(new ApplicationId(ApplicationId.PREFIX + name), shares(part)))));
            return new Backlog(books, shares(sum), sum.tasks, Backlog.worst(parts, ask.applications()));
        });
    }

    /** In steps too. */
    Future<Backlog.OfApplication> backlog(ApplicationId application) {
        int shard = calls.shards().of(application);
        Gathered sum = new Gathered(false);
        String[] last = {""};
        Instant[] at = {Instant.EPOCH};
        return Steps.whileMore(() -> calls.read(
                                OF_APPLICATION,
                                shard,
                                List.of(Names.bare(application.value()), last[0], ENDPOINTS_A_CALL))
                        .map(answer -> {
                            at[0] = calls.time().toNode(answer.get(0).toLong());
                            last[0] = answer.get(1).toString();
                            add(answer.get(2), answer.get(0).toLong(), sum);
                            return !last[0].isEmpty();
                        }))
                .map(done -> new Backlog.OfApplication(at[0], shares(sum)));
    }

    private List<Backlog.Share> shares(Gathered sum) {
        List<Backlog.Share> shares = new ArrayList<>();
        sum.shares.forEach((cause, sums) -> shares.add(
                new Backlog.Share(cause, sums[0], sums[1], sums[2] == News.NEVER ? null : instant(sums[2]))));
        return shares;
    }

    /** What was found in a shard so far: endpoints, deliveries and earliest due time of each cause. */
    private static final class Gathered {
        Books books = Books.EMPTY;
        long tasks;
        final Map<WaitCause, long[]> shares = new EnumMap<>(WaitCause.class);

        /** By application, where that is asked for. */
        final Map<String, Gathered> parts = new HashMap<>();

        final boolean byApplication;

        Gathered(boolean byApplication) {
            this.byApplication = byApplication;
        }

        void add(View view, String application, long now) {
            if (view.waiting() > 0) {
                add(view.cause(now), 1, view.waiting(), view.due() < 0 ? News.NEVER : view.due());
            }
            if (view.inFlight() > 0) {
                add(WaitCause.IN_FLIGHT, 1, view.inFlight(), News.NEVER);
            }
            if (byApplication) {
                parts.computeIfAbsent(application, first -> new Gathered(false)).add(view, application, now);
            }
        }

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

    private Future<Gathered> gather(int shard, boolean byApplication) {
        Gathered sum = new Gathered(byApplication);
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
            add(answer.get(3), now, sum);
            return answer.get(1).toString();
        });
    }

    private static void add(Response found, long now, Gathered sum) {
        for (int i = 0; i < found.size(); i += 2) {
            sum.add(View.of(found.get(i + 1)), found.get(i).toString(), now);
        }
    }

    private static Books books(long[] sums) {
        long open = sums[0] - sums[1] - sums[2] - sums[3];
        return new Books(sums[0], sums[1], sums[2], sums[3], open - sums[4], sums[4]);
    }

    private @Nullable Instant instant(long redisMillis) {
        return redisMillis < 0 ? null : calls.time().toNode(redisMillis);
    }
}
