package io.posthorn.storage.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pipelined connection to a primary, made again whenever it is lost. A server that does not answer within
 * {@link #MAX_SILENCE_NANOS} loses the connection, since nothing else ends one that is half open. Lives on one context;
 * {@link #load} may be read and {@link #send} called on any thread.
 */
final class RedisLane {
    static final long MAX_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Logger LOG = LoggerFactory.getLogger(RedisLane.class);
    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final RedisClients clients;
    private final String address;
    private final RedisLink link;
    private final Deque<Attempt> outstanding = new ArrayDeque<>();

    private @Nullable Redis client;
    private @Nullable RedisConnection connection;
    private long connectingSince;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private boolean stopped;

    /** How many calls wait for their answer here; {@link #CLOSED} while there is no connection. */
    private volatile int load = CLOSED;

    /** Why a connection was given up that was neither made nor refused in time. */
    static final String TOO_SLOW = "no connection in time";

    static final int CLOSED = Integer.MAX_VALUE;

    private static final class Attempt {
        final RedisCall call;
        final long sentAt = System.nanoTime();
        final @Nullable Response[] answers;
        int left;

        @Nullable
        Throwable failure;

        Attempt(RedisCall call, int requests) {
            this.call = call;
            this.answers = new Response[requests];
            this.left = requests;
        }
    }

    RedisLane(Vertx vertx, Context context, RedisClients clients, String address, RedisLink link) {
        this.vertx = vertx;
        this.context = context;
        this.clients = clients;
        this.address = address;
        this.link = link;
    }

    int load() {
        return load;
    }

    void start() {
        context.runOnContext(nothing -> connect());
    }

    /** Closes the connection for good; what is in flight goes to others. */
    void stop() {
        context.runOnContext(nothing -> {
            stopped = true;
            drop("the server is not used any more");
        });
    }

    void send(RedisCall call) {
        context.runOnContext(nothing -> sendHere(call, call.requests()));
    }

    /** Looks whether the server is silent for too long; a lane on which nothing waits is not woken for that. */
    void tick(long now) {
        if (load == 0) {
            return;
        }
        context.runOnContext(nothing -> {
            for (Attempt attempt : List.copyOf(outstanding)) {
                if (attempt.call.isOver(now)) {
                    link.again(attempt.call, "no answer in time");
                }
            }
            Attempt oldest = outstanding.peekFirst();
            if (oldest != null && now - oldest.sentAt >= MAX_SILENCE_NANOS) {
                drop("no answer within 2 s");
            } else if (connection == null && client != null && now - connectingSince >= link.patienceNanos()) {
                drop(clients.servers().tls() ? TOO_SLOW + ", by TLS" : TOO_SLOW);
            }
        });
    }

    /** Finds out whether the connection still works; closes it when no answer comes. */
    void probe() {
        context.runOnContext(nothing -> {
            if (connection != null && outstanding.isEmpty()) {
                sendHere(RedisCall.ofReads(0, System.nanoTime(), List.of()), List.of(Request.cmd(Command.PING)));
            }
        });
    }

    private void sendHere(RedisCall call, List<Request> requests) {
        RedisConnection open = connection;
        if (open == null) {
            link.again(call, "the connection was closed");
            return;
        }
        Attempt attempt = new Attempt(call, requests.size());
        outstanding.add(attempt);
        load = outstanding.size();
        for (int i = 0; i < requests.size(); i++) {
            int index = i;
            open.send(requests.get(i)).onComplete((answer, failure) -> answered(attempt, index, answer, failure));
        }
    }

    private void answered(Attempt attempt, int index, @Nullable Response answer, @Nullable Throwable failure) {
        attempt.answers[index] = answer;
        if (failure != null && attempt.failure == null) {
            attempt.failure = failure;
        }
        if (--attempt.left > 0 || !outstanding.remove(attempt)) {
            return;
        }
        if (connection != null) {
            load = outstanding.size();
        }
        Throwable first = attempt.failure;
        if (first == null) {
            link.answered(attempt.call, Arrays.asList(attempt.answers));
        } else if (RedisProblem.is(first, "NOSCRIPT")) {
            sendHere(attempt.call, attempt.call.requestsWithText());
        } else if (RedisProblem.isAnswer(first)) {
            link.refused(attempt.call, first);
            if (RedisProblem.is(first, "READONLY")) {
                drop("it became a replica");
            }
        } else {
            link.again(attempt.call, String.valueOf(first.getMessage()));
        }
    }

    private void connect() {
        if (stopped) {
            return;
        }
        Redis fresh = clients.client(address);
        client = fresh;
        connectingSince = System.nanoTime();
        fresh.connect().compose(made -> requirePrimary(made).map(made)).onComplete((made, failure) -> {
            if (client != fresh) {
                return;
            }
            if (failure != null) {
                String text = RedisProblem.text(failure);
                drop(text == null ? String.valueOf(failure.getMessage()) : text);
                return;
            }
            opened(fresh, made);
        });
    }

    private void opened(Redis fresh, RedisConnection made) {
        made.endHandler(end -> lost(fresh, "the connection was closed"));
        made.exceptionHandler(failure -> lost(fresh, String.valueOf(failure.getMessage())));
        connection = made;
        pauseMillis = FIRST_PAUSE_MILLIS;
        load = 0;
        LOG.debug("connected to redis at {}", address);
        link.opened();
    }

    private static Future<Void> requirePrimary(RedisConnection made) {
        return made.send(Request.cmd(Command.ROLE)).transform((answer, failure) -> {
            if (failure != null) {
                // A user who may not ask can still work; a replica then answers the first change with READONLY.
                return RedisProblem.is(failure, "NOPERM") ? Future.succeededFuture() : Future.failedFuture(failure);
            }
            String role = answer == null || answer.size() == 0
                    ? "nothing"
                    : answer.get(0).toString();
            return role.equals("master")
                    ? Future.succeededFuture()
                    : Future.failedFuture("the server is a replica and takes no changes");
        });
    }

    private void lost(Redis of, String why) {
        if (client == of) {
            drop(why);
        }
    }

    /** Gives the connection up, hands what was in flight on, and connects again after a pause. */
    private void drop(String why) {
        Redis broken = client;
        client = null;
        connection = null;
        load = CLOSED;
        if (broken != null) {
            LOG.debug("connection to redis at {} closed: {}", address, why);
            broken.close().onFailure(failure -> LOG.debug("closing a connection to redis failed", failure));
        }
        while (!outstanding.isEmpty()) {
            link.again(outstanding.removeFirst().call, why);
        }
        if (broken != null && !stopped) {
            link.lost(why);
            vertx.setTimer(pauseMillis, timer -> connect());
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        }
    }
}
