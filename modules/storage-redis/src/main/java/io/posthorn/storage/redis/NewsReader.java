package io.posthorn.storage.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for what other nodes make claimable, on a connection of its own. It is a short cut only: where nothing comes
 * through, the look of each sweep finds the same within a second. Any server of a cluster tells the news of all. Runs on
 * the context it is started on.
 */
final class NewsReader {
    private static final Logger LOG = LoggerFactory.getLogger(NewsReader.class);
    private static final long TICK_MILLIS = 1_000;
    private static final long BEAT_TICKS = 10;
    private static final long MAX_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(35);

    private final Vertx vertx;
    private final RedisLink link;
    private final Shards shards;
    private final News news;
    private final String node;

    private @Nullable Redis client;
    private boolean subscribed;
    private long heardAt;
    private long ticks;
    private long timer = -1;
    private boolean closed;

    NewsReader(Vertx vertx, RedisLink link, Shards shards, News news, String node) {
        this.node = node;
        this.vertx = vertx;
        this.link = link;
        this.shards = shards;
        this.news = news;
    }

    synchronized void start() {
        timer = vertx.setPeriodic(TICK_MILLIS, tick -> tick());
        connect();
    }

    synchronized void stop() {
        closed = true;
        vertx.cancelTimer(timer);
        drop();
    }

    /** Connects where there is no connection; a silent one is closed, which its own beat tells from an idle one. */
    private synchronized void tick() {
        if (closed) {
            return;
        }
        if (client != null && System.nanoTime() - heardAt > MAX_SILENCE_NANOS) {
            drop();
        }
        if (client == null) {
            connect();
        } else if (subscribed && ++ticks % BEAT_TICKS == 0) {
            link.read(
                            shards.directory(),
                            List.of(Request.cmd(Command.PUBLISH)
                                    .arg(shards.newsChannel())
                                    .arg("beat")))
                    .onFailure(failure -> LOG.debug("no beat could be sent", failure));
        }
    }

    private void connect() {
        Set<String> addresses = link.routes().all();
        Iterator<String> any = addresses.iterator();
        if (!any.hasNext()) {
            return;
        }
        Redis fresh = link.clients().client(any.next());
        client = fresh;
        subscribed = false;
        heardAt = System.nanoTime();
        fresh.connect()
                .compose(made -> {
                    made.handler(this::message);
                    made.endHandler(end -> lost(fresh));
                    made.exceptionHandler(failure -> lost(fresh));
                    return subscribe(made);
                })
                .onSuccess(done -> subscribed(fresh))
                .onFailure(failure -> {
                    LOG.debug("no subscription to the news of redis", failure);
                    lost(fresh);
                });
    }

    private Future<Response> subscribe(RedisConnection made) {
        return made.send(Request.cmd(Command.SUBSCRIBE).arg(shards.newsChannel()));
    }

    private synchronized void subscribed(Redis of) {
        subscribed = client == of;
    }

    private synchronized void lost(Redis of) {
        if (client == of) {
            drop();
        }
    }

    private void drop() {
        Redis last = client;
        client = null;
        subscribed = false;
        if (last != null) {
            last.close().onFailure(failure -> LOG.debug("closing a connection to redis failed", failure));
        }
    }

    private void message(Response message) {
        synchronized (this) {
            heardAt = System.nanoTime();
        }
        if (message.size() < 3 || !message.get(0).toString().equals("message")) {
            return;
        }
        String[] parts = message.get(2).toString().split(" ", 3);
        if (parts.length == 3 && !parts[2].equals(node)) {
            try {
                news.hear(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
            } catch (NumberFormatException e) {
                LOG.debug("news that is none of ours: {}", message);
            }
        }
    }
}
