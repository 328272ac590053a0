package io.posthorn.benchmarks.run;

import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.testkit.RedisProcess;
import io.posthorn.testkit.process.Patience;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a case runs: starts the program under test, and measures one window of load on it. One thread. */
public final class Stage implements AutoCloseable {
    private static final Duration ARRIVALS = Duration.ofMinutes(5);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final double MICROS = 1e6;
    private static final JsonObject COUNTS = new JsonObject().put("do", "counts");
    private static final JsonObject REPORT = new JsonObject().put("do", "report");
    private static final long NUMBERS_A_JOB = 1_000_000_000;

    private final Plan plan;
    private final Progress progress;
    private final Workers workers;
    private final Worker receiver;
    private final List<Service> services = new ArrayList<>();
    private final Map<Service, NodePorts> clusters = new HashMap<>();
    private final Thread orphans = new Thread(this::endProcesses, "bench-end");
    private long nextNumber;
    private long oldBefore;
    private int started;
    private String javaOptions = "";

    /** One for a case; the workers outlive it. */
    public Stage(Plan plan, Workers workers, Progress progress) {
        this.plan = plan;
        this.progress = progress;
        this.workers = workers;
        this.receiver = workers.receiver();
        Runtime.getRuntime().addShutdownHook(orphans);
    }

    /** How the cases are to be run. */
    public Plan plan() {
        return plan;
    }

    /** The options of Java that the program under test was last started with. */
    public String javaOptions() {
        return javaOptions;
    }

    /** Shows what is being done. */
    public void step(String what) {
        progress.step(what);
    }

    /** Starts the program under test on an empty directory; it ends with the stage, or before. */
    public Service start(Map<String, String> settings) throws IOException, InterruptedException {
        return start(plan.command(), settings);
    }

    /** The same for another build of it. */
    public Service start(List<String> command, Map<String, String> settings) throws IOException, InterruptedException {
        return startWithStore(command, List.of(), settings);
    }

    /** Starts the program under test as the first node of a cluster, with these roles, comma-separated. */
    public Service startFirst(String roles, Map<String, String> settings) throws IOException, InterruptedException {
        NodePorts ports = new NodePorts();
        Map<String, String> all = new HashMap<>(ports.next());
        all.putAll(settings);
        Service first = startWithStore(plan.command(), List.of("--roles=" + roles), all);
        clusters.put(first, ports);
        return first;
    }

    /** Starts a further node of its cluster, with roles that need no store. */
    public Service startBeside(Service first, String roles, Map<String, String> settings)
            throws IOException, InterruptedException {
        Map<String, String> all =
                new HashMap<>(Objects.requireNonNull(clusters.get(first), "it is the first of a cluster")
                        .next());
        all.put("WEBHOOK_STORAGE_TYPE", "memory");
        all.putAll(settings);
        Service beside = start(plan.command(), List.of("--roles=" + roles), all, null);
        first.joinedBy(beside);
        return beside;
    }

    private Service startWithStore(List<String> command, List<String> options, Map<String, String> settings)
            throws IOException, InterruptedException {
        @Nullable
        RedisProcess redis =
                plan.store().redisSettings().map(RedisProcess::start).orElse(null);
        Map<String, String> all = new HashMap<>(settings);
        if (redis != null) {
            all.put("REDIS_URL", redis.url());
        }
        return start(command, options, all, redis);
    }

    private Service start(
            List<String> command, List<String> options, Map<String, String> settings, @Nullable RedisProcess redis)
            throws IOException, InterruptedException {
        Path directory = Files.createDirectories(plan.work().resolve("node-" + ++started));
        Map<String, String> all = new HashMap<>(Map.of(
                "WEBHOOK_STORAGE_TYPE",
                plan.store().type(),
                "WEBHOOK_DATA_DIR",
                directory.resolve("data").toString(),
                "WEBHOOK_HTTP_PORT",
                "0",
                "WEBHOOK_MANAGEMENT_PORT",
                "0",
                "WEBHOOK_EGRESS_ALLOW",
                "127.0.0.1/32",
                "WEBHOOK_DISPATCH_MAX_PER_ENDPOINT",
                Integer.toString(plan.inFlight())));
        all.putAll(settings);
        all.putAll(plan.settings());
        Service service = new Service(command, options, all, directory, redis);
        services.add(service);
        service.start();
        javaOptions = String.join(" ", service.javaOptions());
        return service;
    }

    /** Ends it and removes its data; its log stays. */
    public void end(Service service) throws IOException {
        for (Service beside : service.beside()) {
            end(beside);
        }
        service.close();
        clusters.remove(service);
        if (services.remove(service)) {
            delete(service.data());
        }
    }

    /** Where the receiver answers by that path. */
    public String receiverUrl(String path) {
        return "http://127.0.0.1:" + receiverPort() + "/" + path;
    }

    int receiverPort() {
        return receiver.hello().getInteger("port");
    }

    /** Sends a load and answers what the generator says, without a look at the receiver. */
    JsonObject send(LoadJob job) throws IOException {
        return workers.generator().ask(job.json());
    }

    /** Where the numbers of a job begin that has none in common with another. */
    long freshNumbers() {
        nextNumber += NUMBERS_A_JOB;
        return nextNumber;
    }

    /** From now on receivers count, and measure, only what is meant to be sent from now on; the rest is old. */
    public void countOnlyFresh() throws IOException {
        JsonObject counts = receiver.ask(new JsonObject().put("do", "fresh").put("from", System.nanoTime()));
        oldBefore = counts.getLong("old");
    }

    /** How much that is old has come since it is. */
    public long oldReceived() throws IOException {
        return receiver.ask(COUNTS).getLong("old") - oldBefore;
    }

    /** Sends the load and waits until the accepted events have come; answers what was measured. */
    public Window measure(Service service, LoadJob job, Expected expected) throws IOException {
        return measure(job, expected, workers.generator(), service);
    }

    /** The same for the bare loop. */
    public Window measureBare(LoadJob job) throws IOException {
        return measure(job, accepted -> accepted, workers.bare(), null);
    }

    /** How many deliveries follow from accepted events. */
    public interface Expected {
        /** So many. */
        long of(long accepted);
    }

    private Window measure(LoadJob job, Expected expected, Worker worker, @Nullable Service service)
            throws IOException {
        long before = receiver.ask(REPORT).getLong("ok");
        long allocated = service == null ? 0 : service.allocatedBytes();
        CpuReading from = read();
        JsonObject load = worker.ask(job.numberedFrom(freshNumbers()).json());
        JsonObject whileSending = receiver.ask(COUNTS);
        long accepted = accepted(load);
        long wanted = expected.of(accepted);
        Duration took = Patience.require(
                ARRIVALS, wanted + " deliveries", () -> receiver.ask(COUNTS).getLong("ok") - before >= wanted);
        CpuUse cpu = CpuUse.between(from, read());
        if (took.compareTo(LONG) > 0) {
            step("the last deliveries came only " + took.toSeconds() + " s after the last request");
        }
        JsonObject receipts = receiver.ask(REPORT);
        return new Window(
                accepted,
                receipts.getLong("ok") - before,
                whileSending.getLong("ok") - before,
                whileSending.getLong("old") - oldBefore,
                load,
                receipts,
                service == null ? 0 : cpu.of(service.pid()),
                service == null ? 0 : besides(service, cpu),
                service == null ? 0 : service.redisPid().map(cpu::of).orElse(0.0),
                service == null ? 0 : service.allocatedBytes() - allocated,
                cpu.of(worker.pid()) + cpu.of(receiver.pid()),
                cpu.disturbed());
    }

    private static double besides(Service service, CpuUse cpu) {
        return service.beside().stream()
                .mapToDouble(other -> cpu.of(other.pid()))
                .sum();
    }

    /** The processor time of the program under test while nothing is asked of it, as a share of a core. */
    public double idleShare(Service service, Duration time) throws IOException {
        CpuReading from = read();
        Patience.pass(time);
        CpuUse cpu = CpuUse.between(from, read());
        return cpu.of(service.pid()) / (cpu.seconds() * MICROS);
    }

    private CpuReading read() throws IOException {
        List<Long> processes = new ArrayList<>(workers.pids());
        for (Service service : services) {
            processes.add(service.pid());
            service.redisPid().ifPresent(processes::add);
        }
        return CpuReading.of(processes);
    }

    static long accepted(JsonObject load) {
        JsonObject statuses = load.getJsonObject("byStatus");
        return statuses.fieldNames().stream()
                .filter(status -> status.startsWith("2"))
                .mapToLong(statuses::getLong)
                .sum();
    }

    private void endProcesses() {
        for (Service service : List.copyOf(services)) {
            service.end();
        }
    }

    /** Removes a directory with all that is in it, if it is there. */
    public static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() {
        endProcesses();
        boolean unused = Runtime.getRuntime().removeShutdownHook(orphans);
    }
}
