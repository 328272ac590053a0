package io.posthorn.storage.redis;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several connections to each primary. A call goes to the least busy one; where its connection is cut it is repeated on
 * another until its deadline, so everything sent here must be safe to repeat. While no connection is open, calls fail at
 * once with STORE_UNAVAILABLE; beyond {@link #MAX_CALLS} or {@link #MAX_BYTES} in flight with OVERLOADED. Any thread;
 * futures complete on event loops.
 */
final class RedisLink {
    /** The most calls in flight. */
    static final int MAX_CALLS = 4_096;

    /** The most bytes of calls in flight. */
    static final long MAX_BYTES = 128L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final String NOT_YET = "not connected yet";

    /** How long opening may take where the server does not refuse. */
    private static final long SLOW_OPEN_MILLIS = 10_000;

    private static final int MAX_LOOPS = 4;
    private static final long TICK_MILLIS = 100;
    private static final long ROUTES_AGE_NANOS = 2_000_000_000L;
    private static final long ROUTES_PAUSE_NANOS = 200_000_000L;
    private static final int WAIT_MARGIN_MILLIS = 500;
    private static final long REFUSAL_NANOS = 5_000_000_000L;

    private final Vertx vertx;
    private final RedisEngineOptions options;
    private final RedisClients clients;
    private final RedisTopology topology;
    private final Supplier<String> frame;
    private final List<Context> loops = new ArrayList<>();
    private final Map<String, List<RedisLane>> lanes = new HashMap<>();
    private final Deque<RedisCall> parked = new ArrayDeque<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final Promise<Void> firstOpen = Promise.promise();

    private volatile RedisRoutes routes = RedisRoutes.none();
    /** Why some primary has no connection; null when each has one. */
    private volatile @Nullable String down = NOT_YET;

    private volatile @Nullable Refusal refusal;
    private volatile boolean closed;
    private @Nullable String deployment;
    private long tickTimer = -1;
    private volatile boolean finding;
    private long foundAt;
    private int nextLoop;

    /** @param frame the first argument of every script; see the prelude */
    RedisLink(Vertx vertx, RedisEngineOptions options, Supplier<String> frame) {
        this.frame = frame;
        this.vertx = vertx;
        this.options = options;
        this.clients = new RedisClients(vertx, options.servers());
        this.topology = new RedisTopology(clients);
    }

    /** What Redis said when it did not do as asked. */
    private record Refusal(String why, long at) {}

    /** Gives connections their event loops. */
    private final class LoopVerticle extends VerticleBase {
        @Override
        public Future<?> start() {
            synchronized (RedisLink.this) {
                loops.add(context);
            }
            return Future.succeededFuture();
        }
    }

    RedisClients clients() {
        return clients;
    }

    /**
     * Completes when each primary has a connection; fails with what is wrong when it does not come to that within the time of
     * a call, or within 10 s where that is longer and the server is only slow.
     */
    Future<Void> open() {
        int instances = Math.min(MAX_LOOPS, options.connections());
        long limit = options.callTimeout().toMillis();
        long timer = vertx.setTimer(limit, late -> {
            if (!isSlow()) {
                refuseOpen();
            }
        });
        long last = vertx.setTimer(Math.max(limit, SLOW_OPEN_MILLIS), late -> refuseOpen());
        return vertx.deployVerticle(LoopVerticle::new, new DeploymentOptions().setInstances(instances))
                .compose(id -> {
                    deployment = id;
                    tickTimer = vertx.setPeriodic(TICK_MILLIS, tick -> tick());
                    findRoutes();
                    return firstOpen.future();
                })
                .onComplete(done -> {
                    vertx.cancelTimer(timer);
                    vertx.cancelTimer(last);
                });
    }

    /** Whether nothing speaks against a connection but that none was made in time, as on a machine that is busy starting. */
    private boolean isSlow() {
        String why = down;
        return why != null && (why.equals(NOT_YET) || why.contains(RedisLane.TOO_SLOW));
    }

    private void refuseOpen() {
        firstOpen.tryFail(RedisProblem.unavailable(String.valueOf(down), null));
    }

    /** How long a connection may take to be made; longer before the first one, while the process may still be starting. */
    long patienceNanos() {
        return firstOpen.future().succeeded() ? RedisLane.MAX_SILENCE_NANOS : RedisClients.CONNECT_LIMIT.toNanos();
    }

    Future<Void> close() {
        closed = true;
        vertx.cancelTimer(tickTimer);
        String id;
        synchronized (this) {
            lanes.values().forEach(group -> group.forEach(RedisLane::stop));
            lanes.clear();
            id = deployment;
            deployment = null;
        }
        failParked(Long.MAX_VALUE, true);
        return id == null ? Future.succeededFuture() : vertx.undeploy(id);
    }

    /** What is wrong with Redis; null when each primary has a connection and nothing was refused lately. */
    @Nullable
    String trouble() {
        Refusal last = refusal;
        return down == null && last != null && System.nanoTime() - last.at() < REFUSAL_NANOS ? last.why() : down;
    }

    /** Where the primaries are. */
    RedisRoutes routes() {
        return routes;
    }

    /** Runs a script whose one key is the prefix; its second argument is the first of these. */
    Future<Response> run(Script script, String prefix, List<?> args) {
        return submit(ofScript(script, prefix, args, null)).map(answers -> answers.get(0));
    }

    /** The same, and completes when as many replicas have what it wrote as the settings say. */
    Future<Response> runDurably(Script script, String prefix, List<?> args) {
        int replicas = options.waitReplicas();
        if (replicas == 0) {
            return run(script, prefix, args);
        }
        long patience = Math.max(
                1,
                Math.min(
                                RedisLane.MAX_SILENCE_NANOS / 1_000_000,
                                options.callTimeout().toMillis())
                        - WAIT_MARGIN_MILLIS);
        Request wait = Request.cmd(Command.WAIT).arg(replicas).arg(patience);
        return submit(ofScript(script, prefix, args, wait)).compose(answers -> {
            Response have = answers.get(1);
            if (have == null || have.toInteger() < replicas) {
                return Future.failedFuture(RedisProblem.unavailable(
                        "redis: only " + have + " of " + replicas + " replicas have it", null));
            }
            return Future.succeededFuture(answers.get(0));
        });
    }

    /** Reads, all with keys of that prefix, sent together; fails as a whole. */
    Future<List<@Nullable Response>> read(String prefix, List<Request> requests) {
        return requests.isEmpty()
                ? Future.succeededFuture(List.of())
                : submit(RedisCall.ofReads(RedisRoutes.slot(prefix), deadline(), requests));
    }

    private RedisCall ofScript(Script script, String prefix, List<?> args, @Nullable Request after) {
        List<Object> all = new ArrayList<>(args.size() + 1);
        all.add(frame.get());
        all.addAll(args);
        return RedisCall.ofScript(RedisRoutes.slot(prefix), deadline(), script, prefix, all, after);
    }

    private long deadline() {
        return System.nanoTime() + options.callTimeout().toNanos();
    }

    private Future<List<@Nullable Response>> submit(RedisCall call) {
        if (calls.incrementAndGet() > MAX_CALLS || bytes.addAndGet(call.bytes) > MAX_BYTES && calls.get() > 1) {
            call.answers.fail(new PosthornException(ErrorCode.OVERLOADED, "too many calls wait for the store"));
        } else {
            RedisLane lane = laneFor(call);
            if (lane == null || closed) {
                call.answers.fail(RedisProblem.unavailable(closed ? "it is closed" : noConnection(), null));
            } else {
                lane.send(call);
            }
        }
        return call.answers.future().onComplete(done -> {
            calls.decrementAndGet();
            bytes.addAndGet(-call.bytes);
        });
    }

    void answered(RedisCall call, List<@Nullable Response> answers) {
        call.answers.tryComplete(answers);
    }

    /** Redis answered with an error. */
    void refused(RedisCall call, Throwable failure) {
        if (RedisProblem.is(failure, "MOVED")) {
            findRoutes();
            again(call, "the slot of the cluster was moved");
            return;
        }
        String text = RedisProblem.text(failure);
        if (!call.isScript() && (text == null || RedisProblem.is(failure, "NOPERM"))) {
            // Whoever asks for more than a script needs says what follows from it.
            LOG.debug("redis refused a read: {}", failure.getMessage());
        } else if (text == null) {
            LOG.error("redis refused a call: {}", failure.getMessage());
        } else {
            refusal = new Refusal(text, System.nanoTime());
        }
        call.answers.tryFail(RedisProblem.exception(failure));
    }

    /** No answer came, or from the wrong server. */
    void again(RedisCall call, String why) {
        if (closed || call.isOver(System.nanoTime())) {
            call.answers.tryFail(RedisProblem.unavailable("redis: " + why, null));
            return;
        }
        RedisLane lane = finding ? null : laneFor(call);
        if (lane != null) {
            lane.send(call);
        } else {
            synchronized (this) {
                parked.add(call);
            }
        }
    }

    /** A connection is there. */
    void opened() {
        if (routes.all().stream().allMatch(this::isOpen)) {
            down = null;
            firstOpen.tryComplete();
        }
        resumeParked();
    }

    /** A connection is gone. */
    void lost(String why) {
        if (!routes.all().stream().allMatch(this::isOpen)) {
            down = "redis: " + why;
        }
        findRoutes();
        // Where one went silent, others may be dead too and only have had nothing to say yet.
        synchronized (this) {
            lanes.values().forEach(group -> group.forEach(RedisLane::probe));
        }
    }

    private String noConnection() {
        String why = down;
        return why == null ? "redis: no connection to one of its primaries" : why;
    }

    private synchronized boolean isOpen(String address) {
        return lanes.getOrDefault(address, List.of()).stream().anyMatch(lane -> lane.load() != RedisLane.CLOSED);
    }

    private @Nullable RedisLane laneFor(RedisCall call) {
        String address = routes.address(call.slot);
        RedisLane best = null;
        synchronized (this) {
            for (RedisLane lane : address == null ? List.<RedisLane>of() : lanes.getOrDefault(address, List.of())) {
                if (best == null || lane.load() < best.load()) {
                    best = lane;
                }
            }
        }
        return best == null || best.load() == RedisLane.CLOSED ? null : best;
    }

    private void tick() {
        long now = System.nanoTime();
        failParked(now, false);
        List<RedisLane> all = new ArrayList<>();
        boolean old;
        synchronized (this) {
            lanes.values().forEach(all::addAll);
            old = now - foundAt >= (down == null ? ROUTES_AGE_NANOS : ROUTES_PAUSE_NANOS);
        }
        all.forEach(lane -> lane.tick(now));
        if (old) {
            findRoutes();
        }
        resumeParked();
    }

    private void resumeParked() {
        List<RedisCall> resumed;
        synchronized (this) {
            resumed = new ArrayList<>(parked);
            parked.clear();
        }
        resumed.forEach(call -> again(call, noConnection()));
    }

    private void failParked(long now, boolean all) {
        List<RedisCall> over = new ArrayList<>();
        synchronized (this) {
            parked.removeIf(call -> (all || call.isOver(now)) && over.add(call));
        }
        over.forEach(call -> call.answers.tryFail(RedisProblem.unavailable(noConnection(), null)));
    }

    /** Looks for the primaries, once at a time, and connects to those that are new. */
    private void findRoutes() {
        synchronized (this) {
            if (finding || closed) {
                return;
            }
            finding = true;
        }
        topology.find(routes.all()).onComplete((found, failure) -> {
            if (failure == null) {
                follow(found);
            } else if (routes.all().isEmpty() || down != null) {
                down = "redis: " + failure.getMessage();
            }
            synchronized (this) {
                finding = false;
                foundAt = System.nanoTime();
            }
        });
    }

    private synchronized void follow(RedisRoutes found) {
        if (closed) {
            return;
        }
        routes = found;
        lanes.entrySet().removeIf(entry -> {
            boolean gone = !found.all().contains(entry.getKey());
            if (gone) {
                entry.getValue().forEach(RedisLane::stop);
            }
            return gone;
        });
        for (String address : found.all()) {
            lanes.computeIfAbsent(address, this::connect);
        }
    }

    private List<RedisLane> connect(String address) {
        List<RedisLane> group = new ArrayList<>();
        for (int i = 0; i < options.connections(); i++) {
            RedisLane lane = new RedisLane(vertx, loops.get(nextLoop++ % loops.size()), clients, address, this);
            lane.start();
            group.add(lane);
        }
        return group;
    }
}
