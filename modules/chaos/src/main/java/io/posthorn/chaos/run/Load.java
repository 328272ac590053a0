package io.posthorn.chaos.run;

import io.posthorn.testkit.process.Patience;
import io.posthorn.testkit.process.PosthornNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends events at a steady rate and goes on whatever happens to the node. A request without an answer is repeated with
 * its idempotency key until it has one; at most {@value #MAX_OPEN} requests are open, and the load falls back behind
 * its rate rather than to open more.
 */
public final class Load {
    private static final int MAX_OPEN = 1_000;
    private static final int TICK_MILLIS = 10;
    private static final int ACCEPTED = 202;
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration PAUSE_AFTER_SILENCE = Duration.ofMillis(250);

    private final HttpClient client;
    private final PosthornNode node;
    private final Tenants tenants;
    private final Ledger ledger;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger number = new AtomicInteger();
    private final Queue<Event> repeat = new ConcurrentLinkedQueue<>();
    private final String run = Long.toString(System.nanoTime(), 36);
    private volatile int rate;
    private volatile boolean sending;
    private volatile int leftAlone;
    private volatile boolean closed;
    private volatile long silentUntil = System.nanoTime();
    private long lastTick = System.nanoTime();
    private double owed;

    Load(Vertx vertx, PosthornNode node, Tenants tenants, Ledger ledger) {
        this.node = node;
        this.tenants = tenants;
        this.ledger = ledger;
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setConnectTimeout(2_000).setDefaultHost("127.0.0.1"))
                .with(new PoolOptions().setHttp1MaxSize(MAX_OPEN).setMaxWaitQueueSize(MAX_OPEN))
                // That a killed node resets its connections is no news; each request says so itself.
                .withConnectHandler(connection -> connection.exceptionHandler(cause -> {}))
                .build();
        vertx.setPeriodic(TICK_MILLIS, timer -> tick());
    }

    /** Sends so many a second from now on. */
    public void start(int perSecond) {
        rate = perSecond;
        sending = true;
    }

    /** From now on the first application gets no new event, so that what waits for it must be found without one. */
    public void leaveFirstApplicationAlone() {
        leftAlone = 1;
    }

    /** Sends nothing new; what is open goes on. */
    public void stop() {
        sending = false;
    }

    /** Waits until each request has its answer; what has none by then stays unknown. Answers how many those are. */
    int finish(Duration patience) {
        stop();
        boolean unused = Patience.until(patience, () -> open.get() == 0 && repeat.isEmpty());
        return open.get() + repeat.size();
    }

    private void tick() {
        long now = System.nanoTime();
        owed += sending ? (double) (now - lastTick) * rate / TimeUnit.SECONDS.toNanos(1) : 0;
        lastTick = now;
        owed = Math.min(owed, rate);
        if (closed || now - silentUntil < 0) {
            return;
        }
        for (Event again = next(); again != null; again = next()) {
            send(again);
        }
        while (sending && owed >= 1 && open.get() < MAX_OPEN) {
            owed--;
            send(newEvent());
        }
    }

    private @Nullable Event next() {
        return open.get() < MAX_OPEN ? repeat.poll() : null;
    }

    private Event newEvent() {
        int mine = number.getAndIncrement();
        List<String> all = tenants.applications();
        List<String> applications = all.subList(leftAlone, all.size());
        String application = applications.get(mine % applications.size());
        String type = Tenants.EVENT_TYPES.get(mine / applications.size() % Tenants.EVENT_TYPES.size());
        return new Event(application, run + "-" + mine, type, mine, tenants.of(application));
    }

    private void send(Event event) {
        open.incrementAndGet();
        long begin = System.nanoTime();
        URI api = node.api();
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(api.getHost())
                .setPort(api.getPort())
                .setURI(api.getPath() + "/app/" + event.application() + "/msg")
                .setTimeout(ANSWER.toMillis())
                .putHeader("authorization", "Bearer " + node.token())
                .putHeader("content-type", "application/json")
                .putHeader("idempotency-key", event.key());
        client.request(request)
                .compose(ready -> ready.send(event.body().toBuffer()))
                .compose(response -> response.body().map(text -> {
                    answered(event, response.statusCode(), text.toString());
                    return response.statusCode();
                }))
                .onFailure(cause -> {
                    ledger.unanswered(event.key());
                    silentUntil = System.nanoTime() + PAUSE_AFTER_SILENCE.toNanos();
                    repeat.add(event);
                })
                .onComplete(done -> {
                    ledger.took(System.nanoTime() - begin);
                    open.decrementAndGet();
                });
    }

    private void answered(Event event, int status, String text) {
        if (status == ACCEPTED) {
            ledger.accepted(event, new JsonObject(text).getString("id"));
        } else {
            ledger.refused(status, text);
        }
    }

    Future<Void> close() {
        stop();
        closed = true;
        return client.close();
    }
}
