package io.posthorn.benchmarks.run;

import io.posthorn.benchmarks.load.GeneratorMain;
import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.benchmarks.load.Payload;
import io.posthorn.benchmarks.load.ReceiverMain;
import io.posthorn.benchmarks.load.RequestTemplate;
import io.posthorn.testkit.RedisProcess;
import io.posthorn.testkit.process.Patience;
import io.posthorn.testkit.process.PosthornNode;
import io.posthorn.testkit.process.RunFailed;
import io.vertx.core.json.JsonArray;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The processes around the program under test, and how one window of load is measured. One thread. */
public final class Stage implements AutoCloseable {
    private static final Duration ARRIVALS = Duration.ofMinutes(5);
    private static final Duration CREATION = Duration.ofHours(1);
    private static final int CREATING = 16;
    private static final long NUMBERS_A_JOB = 1_000_000_000;

    private final Plan plan;
    private final Progress progress;
    private final Worker receiver;
    private final Worker generator;
    private final Worker bare;
    private final List<Service> services = new ArrayList<>();
    private final Thread orphans = new Thread(this::endProcesses, "bench-end");
    private long nextNumber;
    private int started;

    /** Starts receiver, generator and bare loop. */
    public Stage(Plan plan, Progress progress) throws IOException {
        this.plan = plan;
        this.progress = progress;
        this.receiver = new Worker("receiver", ReceiverMain.class, 1);
        this.generator = new Worker("generator", GeneratorMain.class, plan.loops());
        this.bare = new Worker("bare loop", GeneratorMain.class, plan.loops());
        Runtime.getRuntime().addShutdownHook(orphans);
    }

    /** How the cases are to be run. */
    public Plan plan() {
        return plan;
    }

    /** Shows what is being done. */
    public void step(String what) {
        progress.step(what);
    }

    /** Starts the program under test on an empty directory; it ends with the stage, or before. */
    public Service start(Map<String, String> settings) throws IOException, InterruptedException {
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
        @Nullable
        RedisProcess redis =
                plan.store().redisSettings().map(RedisProcess::start).orElse(null);
        if (redis != null) {
            all.put("REDIS_URL", redis.url());
        }
        Service service = new Service(new PosthornNode(plan.command(), all, directory.resolve("node.log")), redis);
        services.add(service);
        return service;
    }

    /** Ends it and removes its data. */
    public void end(Service service) throws IOException {
        service.close();
        services.remove(service);
        if (services.isEmpty()) {
            delete(plan.work());
        }
    }

    /** Makes so many event types. */
    public void eventTypes(Service service, int count) throws IOException {
        JsonObject body = new JsonObject()
                .put("name", "bench." + RequestTemplate.TYPE)
                .put("description", "An event of the benchmarks.");
        create(service, List.of("/event-type"), count, body);
    }

    /** Makes endpoints in each of the applications: one for each of so many event types, each of them so often. */
    public void endpoints(Service service, List<String> applications, int types, int each, String path)
            throws IOException {
        List<String> paths = applications.stream()
                .map(application -> "/app/" + application + "/endpoint")
                .toList();
        JsonObject body = new JsonObject()
                .put("url", "http://127.0.0.1:" + receiver.hello().getInteger("port") + "/" + path)
                .put("filterTypes", new JsonArray().add("bench." + RequestTemplate.TYPE));
        for (int i = 0; i < each; i++) {
            create(service, paths, types, body);
        }
    }

    /** Posts the body for each of so many types to each path; all of it must be accepted. */
    private void create(Service service, List<String> paths, int types, JsonObject body) throws IOException {
        long count = (long) types * paths.size();
        int connections = (int) Math.min(CREATING, count);
        JsonObject load = generator.ask(new LoadJob(
                        false,
                        service.port(),
                        paths.stream().map(service::head).toList(),
                        body.encode(),
                        types,
                        connections,
                        connections,
                        0,
                        CREATION.toMillis(),
                        count,
                        0)
                .json());
        if (accepted(load) != count) {
            throw new RunFailed("of " + count + " requests to " + paths.get(0) + " some were not accepted: "
                    + load.getJsonObject("byStatus").encode());
        }
    }

    /** A job that sends events of so many types to the applications until the window is over. */
    public LoadJob events(Service service, List<String> applications, int types, int payloadBytes) {
        List<String> heads = applications.stream()
                .map(application -> service.head("/app/" + application + "/msg")
                        + (plan.idempotencyKeys() ? "\r\nidempotency-key: " + RequestTemplate.KEY : ""))
                .toList();
        String body = "{\"eventType\":\"bench." + RequestTemplate.TYPE + "\",\"payload\":"
                + Payload.template(payloadBytes) + "}";
        return job(false, service.port(), heads, body, types);
    }

    /** A job that POSTs such payloads to the receiver, signed. */
    public LoadJob bare(int payloadBytes) {
        return job(true, receiver.hello().getInteger("port"), List.of("/ok"), Payload.template(payloadBytes), 1);
    }

    private LoadJob job(boolean isBare, int port, List<String> heads, String body, int types) {
        return new LoadJob(
                isBare, port, heads, body, types, plan.connections(), plan.inFlight(), 0, plan.windowMillis(), 0, 0);
    }

    /** Sends the load, waits until each accepted event has come so often, and says what that took. */
    public Window measure(Service service, LoadJob job, int deliveriesEach) throws IOException {
        return measure(job, deliveriesEach, generator, service);
    }

    /** The same for the bare loop. */
    public Window measureBare(LoadJob job) throws IOException {
        return measure(job, 1, bare, null);
    }

    private Window measure(LoadJob job, int deliveriesEach, Worker worker, @Nullable Service service)
            throws IOException {
        nextNumber += NUMBERS_A_JOB;
        JsonObject before = receiver.ask(new JsonObject().put("do", "report"));
        CpuReading from = read();
        JsonObject load = worker.ask(job.numberedFrom(nextNumber).json());
        long accepted = accepted(load);
        long wanted = before.getLong("ok") + accepted * deliveriesEach;
        Patience.require(
                ARRIVALS,
                accepted * deliveriesEach + " deliveries",
                () -> receiver.ask(new JsonObject().put("do", "counts")).getLong("ok") >= wanted);
        CpuUse cpu = CpuUse.between(from, read());
        JsonObject receipts = receiver.ask(new JsonObject().put("do", "report"));
        return new Window(
                load.getLong("sent"),
                accepted,
                receipts.getLong("ok") - before.getLong("ok"),
                (receipts.getLong("last") - load.getLong("first")) / 1e9,
                load,
                receipts,
                service == null ? 0 : cpu.of(service.pid()),
                service == null ? 0 : service.redisPid().map(cpu::of).orElse(0.0),
                cpu.of(worker.pid()) + cpu.of(receiver.pid()),
                cpu.disturbed());
    }

    private CpuReading read() throws IOException {
        List<Long> processes = new ArrayList<>(List.of(
                receiver.pid(),
                generator.pid(),
                bare.pid(),
                ProcessHandle.current().pid()));
        for (Service service : services) {
            processes.add(service.pid());
            service.redisPid().ifPresent(processes::add);
        }
        return CpuReading.of(processes);
    }

    private static long accepted(JsonObject load) {
        JsonObject statuses = load.getJsonObject("byStatus");
        return statuses.fieldNames().stream()
                .filter(status -> status.startsWith("2"))
                .mapToLong(statuses::getLong)
                .sum();
    }

    private void endProcesses() {
        receiver.close();
        generator.close();
        bare.close();
        List.copyOf(services).forEach(Service::close);
    }

    private static void delete(Path directory) throws IOException {
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
