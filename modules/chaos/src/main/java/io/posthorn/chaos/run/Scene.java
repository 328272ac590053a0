package io.posthorn.chaos.run;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.testkit.RedisProcess;
import io.posthorn.testkit.process.Books;
import io.posthorn.testkit.process.Patience;
import io.posthorn.testkit.process.PosthornNode;
import io.posthorn.testkit.process.RunFailed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Everything that a run consists of, and what a fault may lay its hands on. */
public final class Scene implements AutoCloseable {
    /** How many attempts the node under test may have in flight. */
    public static final int MAX_IN_FLIGHT = 256;

    static final String REDIS_URL = "REDIS_URL";

    private static final Duration RECOVERY = Duration.ofSeconds(90);
    private static final Duration READY = Duration.ofSeconds(5);
    private static final int READY_BY_FIRST_START = 4;
    private static final Duration CLOSE = Duration.ofSeconds(20);

    private final Fault fault;
    private final Engine engine;
    private final Plan plan;
    private final Progress progress;
    private final Random random;
    private final Vertx vertx = Vertx.vertx();
    private final Path directory;
    private final Map<String, String> settings = new HashMap<>();
    private final List<String> javaOptions = new ArrayList<>();
    private final Tenants tenants = new Tenants();
    private final Receipts receipts = new Receipts();
    private final Ledger ledger = new Ledger();
    private final Disturbances disturbances = new Disturbances();
    private final List<String> broken = Collections.synchronizedList(new ArrayList<>());
    private final List<String> remarks = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Remains> remains = new ArrayDeque<>();
    /** A suite that is interrupted leaves no process behind. */
    private final Thread orphans = new Thread(this::endProcesses, "chaos-end");

    private Path data;
    private @Nullable PosthornNode node;
    private @Nullable Load load;
    private Duration firstStart = READY;
    private @Nullable RedisProcess redis;

    Scene(Fault fault, Engine engine, Plan plan, Progress progress) throws IOException {
        this.fault = fault;
        this.engine = engine;
        this.plan = plan;
        this.progress = progress;
        this.random = new Random(plan.seed());
        this.directory = Files.createDirectories(plan.work().resolve(fault.name() + "-" + engine.lowerCase()));
        this.data = directory.resolve("data");
        settings.putAll(Map.of(
                "WEBHOOK_STORAGE_TYPE", engine.lowerCase(),
                "WEBHOOK_HTTP_PORT", "0",
                "WEBHOOK_MANAGEMENT_PORT", "0",
                "WEBHOOK_EGRESS_ALLOW", "127.0.0.1/32",
                "WEBHOOK_MAX_WORKERS", Integer.toString(MAX_IN_FLIGHT),
                "WEBHOOK_DISPATCH_BUSY_PENALTY", "1s",
                "CIRCUIT_BREAKER_TIMEOUT", "1s",
                "WEBHOOK_CIRCUIT_MAX_TIMEOUT", "4s",
                "WEBHOOK_RETRY_SCHEDULE", "1,1,2,2,5,5,5,5,10,10,10,10,30,30,30,30"));
        settings.putAll(plan.settings());
    }

    /** Starts the node, makes the endpoints, and has the load ready. */
    void open() throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("-Xmx512m"));
        options.addAll(plan.javaOptions());
        options.addAll(javaOptions);
        settings.put("WEBHOOK_DATA_DIR", data.toString());
        if (engine == Engine.REDIS && !settings.containsKey(REDIS_URL)) {
            settings.put(REDIS_URL, redis().url());
        }
        PosthornNode made =
                new PosthornNode(PosthornNode.java(options, plan.jar()), settings, directory.resolve("node.log"));
        node = made;
        Runtime.getRuntime().addShutdownHook(orphans);
        Duration start = made.start();
        step("started in " + start.toMillis() + " ms");
        firstStart = start;
        tenants.create(vertx, made, receipts);
        load = new Load(vertx, made, tenants, ledger);
    }

    /** The engine under test. */
    public Engine engine() {
        return engine;
    }

    /** How it is to be run. */
    public Plan plan() {
        return plan;
    }

    /** Seeded by the plan. */
    public Random random() {
        return random;
    }

    /** For receivers and proxies of a fault's own. */
    public Vertx vertx() {
        return vertx;
    }

    /** Where this run keeps its files. */
    public Path directory() {
        return directory;
    }

    /** The data directory of the node. */
    public Path data() {
        return data;
    }

    /** Chooses another data directory; before the node starts. */
    public void dataIn(Path other) {
        data = other;
    }

    /** Gives the node a setting; before it starts. One that the plan gives stays. */
    public void setting(String name, String value) {
        if (!plan.settings().containsKey(name)) {
            settings.put(name, value);
        }
    }

    /** The node. */
    public PosthornNode node() {
        return required(node);
    }

    /** The run's own Redis; started when it is first asked for. */
    public RedisProcess redis() {
        return redis == null ? startRedis(Map.of()) : redis;
    }

    /** Starts the run's own Redis with settings on top of an append-only file that is flushed at each write. */
    @CanIgnoreReturnValue
    public RedisProcess startRedis(Map<String, String> redisSettings) {
        RedisProcess started = RedisProcess.start(redisSettings);
        atTheEnd(started::close);
        redis = started;
        return started;
    }

    /** The load. */
    public Load load() {
        return required(load);
    }

    /** The applications and endpoints. */
    public Tenants tenants() {
        return tenants;
    }

    /** What was received. */
    public Receipts receipts() {
        return receipts;
    }

    /** What was answered. */
    public Ledger ledger() {
        return ledger;
    }

    /** When repeats are excused. */
    public Disturbances disturbances() {
        return disturbances;
    }

    /** A rule did not hold. */
    public void broken(String what) {
        broken.add(what);
        step("BROKEN: " + what);
    }

    /** A rule: what is said when it does not hold. */
    public void rule(boolean holds, String otherwise) {
        if (!holds) {
            broken(otherwise);
        }
    }

    /** A rule: a start after a fault takes 5 s at most, or four times what the first one took where the machine is slower. */
    public void requireReadyIn(Duration start) {
        Duration allowed = firstStart.multipliedBy(READY_BY_FIRST_START);
        rule(
                start.compareTo(READY) < 0 || start.compareTo(allowed) < 0,
                "ready only after " + start.toMillis() + " ms; the first start took " + firstStart.toMillis() + " ms");
    }

    /** Something worth a line in the report. */
    public void remark(String what) {
        remarks.add(what);
    }

    /** Shows what is being done. */
    public void step(String what) {
        progress.step(this, what);
    }

    /** What has to be put away when the run is over. */
    public interface Remains {
        /** Puts it away. */
        void clear() throws IOException, InterruptedException;
    }

    /** Is put away at the end, the last one first. */
    public void atTheEnd(Remains resource) {
        remains.push(resource);
    }

    /** The counters of the store; empty while the node does not tell. */
    public Optional<Books> books() throws InterruptedException {
        return Books.read(node().management("/metrics"));
    }

    /** How many promised pairs have not come. */
    public int missing() {
        return Judge.missing(this).size();
    }

    /** How long it takes until an event that is accepted from now on has come to a receiver. */
    Duration awaitDelivery(long begin) {
        int before = ledger.accepted();
        Patience.require(RECOVERY, "an event to be accepted after the fault", () -> ledger.accepted() > before);
        long accepted = System.nanoTime();
        Patience.require(RECOVERY, "a delivery after the fault", () -> receipts.latest() - accepted > 0);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void endProcesses() {
        if (node != null) {
            node.end();
        }
        if (redis != null) {
            redis.close();
        }
    }

    Fault fault() {
        return fault;
    }

    /** The name of the fault. */
    public String faultName() {
        return fault.name();
    }

    List<String> brokenRules() {
        return List.copyOf(broken);
    }

    List<String> remarks() {
        return List.copyOf(remarks);
    }

    @Override
    public void close() throws IOException {
        if (load != null) {
            await(load.close());
        }
        if (node != null) {
            node.close();
            if (!Runtime.getRuntime().removeShutdownHook(orphans)) {
                step("the end of the process was not being waited for");
            }
        }
        try {
            for (Remains one : remains) {
                one.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailed("interrupted while putting things away", e);
        } finally {
            await(vertx.close());
        }
    }

    /** Waits for what happens on Vert.x's threads. */
    public static void await(Future<?> future) {
        Object unused = future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(CLOSE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    private static <T> T required(@Nullable T part) {
        if (part == null) {
            throw new RunFailed("the node has not been started yet");
        }
        return part;
    }
}
