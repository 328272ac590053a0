package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.WaitCause;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Adds up what waits, and why, over many queues: a turn of the store thread for each {@value #ENDPOINTS_A_TURN} of them,
 * so that claims and results go on in between. Any thread.
 */
final class Backlogs {
    private static final int ENDPOINTS_A_TURN = 1_000;

    private final StoreThread store;

    Backlogs(StoreThread store) {
        this.store = store;
    }

    /** What was added up so far. Store thread. */
    private static final class Sums {
        private final Map<WaitCause, long[]> byCause = new EnumMap<>(WaitCause.class);

        void add(EndpointQueue queue, long now) {
            if (queue.waiting() > 0) {
                add(queue.cause(now), queue.waiting(), queue.headDue());
            }
            if (queue.inFlight > 0) {
                add(WaitCause.IN_FLIGHT, queue.inFlight, EndpointQueue.NEVER);
            }
        }

        private void add(WaitCause cause, long deliveries, long due) {
            long[] sums = byCause.computeIfAbsent(cause, absent -> new long[] {0, 0, EndpointQueue.NEVER});
            sums[0]++;
            sums[1] += deliveries;
            sums[2] = Math.min(sums[2], due);
        }

        List<Backlog.Share> shares(Store open) {
            List<Backlog.Share> shares = new ArrayList<>();
            byCause.forEach(
                    (cause, sums) -> shares.add(new Backlog.Share(cause, sums[0], sums[1], open.dueAt(sums[2]))));
            return shares;
        }
    }

    /** All queues with something open. */
    Future<Backlog> all(Backlog.Ask ask) {
        Sums sums = new Sums();
        Map<ApplicationId, Sums> parts = new HashMap<>();
        List<EndpointId> left = new ArrayList<>();
        boolean[] begun = {false};
        return turns(
                (open, now) -> {
                    if (!begun[0]) {
                        begun[0] = true;
                        left.addAll(open.queues.endpoints());
                    }
                    List<EndpointId> some = left.subList(Math.max(0, left.size() - ENDPOINTS_A_TURN), left.size());
                    for (EndpointId endpoint : some) {
                        EndpointQueue queue = open.queues.known(endpoint);
                        if (queue != null) {
                            sums.add(queue, now);
                            if (ask.applications() > 0) {
                                parts.computeIfAbsent(queue.application, first -> new Sums())
                                        .add(queue, now);
                            }
                        }
                    }
                    some.clear();
                    return !left.isEmpty();
                },
                (open, now) -> new Backlog(
                        open.queues.totals(),
                        sums.shares(open),
                        open.tasks.runningCount(),
                        worst(parts, open, ask.applications())));
    }

    private static List<Backlog.Part> worst(Map<ApplicationId, Sums> parts, Store open, int most) {
        List<Backlog.Part> all = new ArrayList<>();
        parts.forEach((application, sums) -> all.add(new Backlog.Part(application, sums.shares(open))));
        return Backlog.worst(all, most);
    }

    /** Those of one application; its endpoints are read from the directory, as many as a turn takes. */
    Future<Backlog.OfApplication> of(ApplicationId application) {
        Sums sums = new Sums();
        byte[] prefix = Keys.endpoints(application);
        byte[][] from = {prefix};
        return turns(
                (open, now) -> {
                    List<EndpointId> some = new ArrayList<>();
                    open.map.scan(Table.DIRECTORY, from[0], Keys.after(prefix), false, (key, row) -> {
                        some.add(new EndpointId(EndpointId.PREFIX + Keys.text(key, prefix.length, Keys.ID)));
                        from[0] = Keys.next(key);
                        return some.size() < ENDPOINTS_A_TURN;
                    });
                    for (EndpointId endpoint : some) {
                        EndpointQueue queue = open.queues.known(endpoint);
                        if (queue != null) {
                            sums.add(queue, now);
                        }
                    }
                    return some.size() == ENDPOINTS_A_TURN;
                },
                (open, now) -> new Backlog.OfApplication(open.time.wall(now), sums.shares(open)));
    }

    /** A part of the work, on the store thread; answers whether there is more. */
    @FunctionalInterface
    private interface Turn {
        boolean take(Store open, long now) throws IOException;
    }

    private <T> Future<T> turns(Turn turn, BiFunction<Store, Long, T> result) {
        Promise<T> end = Promise.promise();
        next(turn, result, end);
        return end.future();
    }

    private <T> void next(Turn turn, BiFunction<Store, Long, T> result, Promise<T> end) {
        Future<List<T>> taken = store.submit(
                Operation.Kind.AT_ONCE,
                (open, now, writes) -> turn.take(open, now) ? List.of() : List.of(result.apply(open, now)));
        taken.onComplete(some -> some.forEach(end::complete), end::fail);
        taken.onSuccess(some -> {
            if (some.isEmpty()) {
                next(turn, result, end);
            }
        });
    }
}
