package io.posthorn.storage.local;

import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.RateLimit;
import io.posthorn.contract.Throttle;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.Level;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts permits, in memory only: a restart gives a fresh burst. What is at rest is forgotten by sweeps; of more than a
 * million limits in use the one asked for least recently is forgotten early. Store thread.
 */
final class PermitCounter {
    private static final int MAX_KEPT = 1_000_000;
    private static final int LOOKED_AT_IN_A_SWEEP = 1_000;

    private final Queues queues;
    private final SteadyTime time;
    private final Map<Object, Use> uses = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * The use of the limit of an endpoint or an application.
     *
     * @param restsAt when all permits are free again
     * @param promisedUntil of an application: up to when its permits are promised to endpoints that wait
     */
    private record Use(Level level, long restsAt, long promisedUntil) {
        static final Use NONE = new Use(Level.EMPTY, 0, 0);
    }

    PermitCounter(Queues queues, SteadyTime time) {
        this.queues = queues;
        this.time = time;
    }

    List<PermitGrant> take(List<PermitRequest> requests, long now) throws IOException {
        List<PermitGrant> grants = new ArrayList<>(requests.size());
        for (PermitRequest request : requests) {
            grants.add(take(request, now));
        }
        return grants;
    }

    RateLimit.Use used(RateLimit.UseOf question, long now) {
        Object who = question.endpoint() == null ? question.application() : question.endpoint();
        Throttle limit = question.limit();
        Level level = use(who).level().drained(now, limit);
        return new RateLimit.Use(
                limit.burst() - level.free(limit), time.wall(now + level.millisUntil(limit.burst(), limit)), true);
    }

    /** Forgets some of what is at rest. */
    void forgetSome(long now) {
        List<Object> inUse = new ArrayList<>();
        Iterator<Map.Entry<Object, Use>> eldest = uses.entrySet().iterator();
        for (int i = 0; i < LOOKED_AT_IN_A_SWEEP && eldest.hasNext(); i++) {
            Map.Entry<Object, Use> entry = eldest.next();
            if (entry.getValue().restsAt() <= now) {
                eldest.remove();
            } else {
                inUse.add(entry.getKey());
            }
        }
        // So that the next sweep looks at others.
        inUse.forEach(uses::get);
    }

    /** How many limits are in use, or were lately. */
    int kept() {
        return uses.size();
    }

    private PermitGrant take(PermitRequest request, long now) throws IOException {
        Throttle own = request.limit();
        Throttle shared = request.applicationLimit();
        if (own == null && shared == null) {
            return new PermitGrant(request.wanted(), null, 0);
        }
        int granted = Math.min(free(request.endpoint(), own, now), free(request.application(), shared, now));
        granted = Math.min(granted, request.wanted());
        int batch = Math.min(batch(own), batch(shared));
        long nextAt = now;
        if (own != null) {
            Use used = use(request.endpoint(), own, granted, now, 0);
            nextAt += used.level().millisUntil(batch, own);
            keep(request.endpoint(), used);
        }
        if (shared != null) {
            nextAt = Math.max(nextAt, takeShared(request, shared, granted, batch, now));
        }
        if (nextAt > now) {
            park(request, nextAt, batch, now);
        }
        return new PermitGrant(granted, time.wall(nextAt), batch);
    }

    /** Answers when it is the endpoint's turn again: those that wait get theirs one after the other. */
    private long takeShared(PermitRequest request, Throttle limit, int granted, int batch, long now) {
        long promised = use(request.application()).promisedUntil();
        Use used = use(request.application(), limit, granted, now, promised);
        long freeAt = now + used.level().millisUntil(batch, limit);
        if (freeAt <= now) {
            keep(request.application(), used);
            return now;
        }
        long latest = now + Level.APPLICATION_PAUSE_MILLIS;
        long turn = Math.min(Math.max(freeAt, promised), latest);
        long next = Math.min(turn + (long) Math.ceil(batch / limit.perMilli()), latest);
        keep(request.application(), new Use(used.level(), used.restsAt(), next));
        return turn;
    }

    private void park(PermitRequest request, long until, int batch, long now) throws IOException {
        EndpointQueue queue = queues.of(request.application(), request.endpoint());
        queues.ensureSettings(queue);
        if (queue.settings != null
                && queue.settings.version() == request.version()
                && until > queue.ledger.parkedUntil()) {
            queue.ledger = queue.ledger.parked(until, WaitCause.RATE_LIMITED, batch);
            queues.touch(queue);
        }
        queues.schedule(queue, now);
    }

    private int free(Object who, @Nullable Throttle limit, long now) {
        return limit == null
                ? Integer.MAX_VALUE
                : use(who).level().drained(now, limit).free(limit);
    }

    private static int batch(@Nullable Throttle limit) {
        return limit == null ? Integer.MAX_VALUE : Level.batch(limit);
    }

    private Use use(Object who) {
        Use known = uses.get(who);
        return known == null ? Use.NONE : known;
    }

    private Use use(Object who, Throttle limit, int taken, long now, long promised) {
        Level level = use(who).level().drained(now, limit).take(taken);
        return new Use(level, now + level.millisUntil(limit.burst(), limit), promised);
    }

    private void keep(Object who, Use use) {
        uses.put(who, use);
        if (uses.size() > MAX_KEPT) {
            Iterator<Object> eldest = uses.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }
}
