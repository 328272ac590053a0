package io.posthorn.benchmarks.run;

import io.posthorn.testkit.RedisProcess;
import io.posthorn.testkit.process.Books;
import io.posthorn.testkit.process.PosthornNode;
import io.posthorn.testkit.process.RunFailed;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The program under test, with its Redis where it has one. */
public final class Service implements AutoCloseable {
    private static final String JAR = "-jar";

    private final List<String> options;
    private final Map<String, String> environment;
    private final Path log;
    private List<String> javaCommand = List.of();
    private final @Nullable RedisProcess redis;
    private final Path data;
    private PosthornNode node;
    private @Nullable Allocations allocations;
    private int eventTypes;
    private final List<Service> beside = new ArrayList<>();

    /** @param options of the command {@code serve} */
    Service(
            List<String> command,
            List<String> options,
            Map<String, String> environment,
            Path directory,
            @Nullable RedisProcess redis) {
        this.options = options;
        this.environment = environment;
        this.log = directory.resolve("node.log");
        this.data = Path.of(environment.getOrDefault("WEBHOOK_DATA_DIR", ""));
        this.redis = redis;
        this.node = new PosthornNode(command, options, environment, log);
    }

    /** Starts it for the first time, and waits until it is ready. */
    void start() throws IOException, InterruptedException {
        node.start();
        javaCommand = javaCommand(node.pid());
    }

    /** Ends its processes at once. */
    void end() {
        node.end();
        if (redis != null) {
            redis.close();
        }
    }

    Path data() {
        return data;
    }

    /** The nodes that joined its cluster, without itself. */
    List<Service> beside() {
        return List.copyOf(beside);
    }

    void joinedBy(Service node) {
        beside.add(node);
    }

    /** The process, which ends with the case. */
    public PosthornNode node() {
        return node;
    }

    long pid() {
        return node.pid();
    }

    Optional<Long> redisPid() {
        return Optional.ofNullable(redis).map(RedisProcess::pid);
    }

    /** Notes that so many event types are wanted; answers how many there are already. */
    int eventTypes(int wanted) {
        int known = eventTypes;
        eventTypes = Math.max(known, wanted);
        return known;
    }

    /** Makes so many applications; answers their ids. */
    public List<String> applications(int count) throws IOException, InterruptedException {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(node.json("POST", "/app", new JsonObject().put("name", "Application " + i))
                    .getString("id"));
        }
        return made;
    }

    /** The head of a POST to a path below {@code /api/v1}. */
    public String head(String path) {
        return String.join(
                "\r\n",
                "POST " + node.api().getPath() + path + " HTTP/1.1",
                "host: " + node.api().getAuthority(),
                "authorization: Bearer " + node.token(),
                "content-type: application/json");
    }

    /** Of the API. */
    public int port() {
        return node.api().getPort();
    }

    /** The counters of its store. */
    public Books books() throws InterruptedException {
        return Books.read(node.management("/metrics"))
                .orElseThrow(() -> new RunFailed("/metrics does not show the books"));
    }

    /** What its process holds of the memory. */
    public double rssMib() throws IOException {
        return ProcessMemory.rssMib(pid());
    }

    /** What is left of its heap after a full collection. */
    public double heapMib() throws IOException, InterruptedException {
        return ProcessMemory.heapMib(pid());
    }

    /** What its threads have allocated since they began. */
    long allocatedBytes() throws IOException {
        return connected().bytes();
    }

    /** Starts the flight recorder in its process. */
    public Recording record() throws IOException {
        return connected().record();
    }

    /** What its threads have used of the processors. */
    public ThreadReading threads() throws IOException {
        return ThreadReading.of(pid());
    }

    /** What the threads of its Redis have used; empty when it has none. */
    public Optional<ThreadReading> redisThreads() throws IOException {
        Optional<Long> process = redisPid();
        return process.isEmpty() ? Optional.empty() : Optional.of(ThreadReading.of(process.get()));
    }

    /** What its Redis says of its commands; none when it has no Redis. */
    public RedisCommands redisCommands() {
        return RedisCommands.parse(redis == null ? "" : redis.command("INFO", "commandstats"));
    }

    private Allocations connected() throws IOException {
        Allocations connected = allocations;
        if (connected == null) {
            connected = Allocations.of(pid());
            allocations = connected;
        }
        return connected;
    }

    /** The options of Java that it runs with, whatever script started it. */
    public List<String> javaOptions() {
        return javaCommand.subList(1, javaCommand.indexOf(JAR));
    }

    /** Starts it again without a script around it, with the same Java, options and settings; after it was ended. */
    public void startDirectly() throws IOException, InterruptedException {
        allocations = null;
        node = new PosthornNode(javaCommand, options, environment, log);
        node.start();
    }

    private static List<String> javaCommand(long pid) throws IOException {
        List<String> line = List.of(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                .split("\0"));
        int jar = line.indexOf(JAR);
        if (jar < 0) {
            throw new RunFailed("the program under test was not started with -jar: " + line);
        }
        return line.subList(0, jar + 2);
    }

    @Override
    public void close() throws IOException {
        if (allocations != null) {
            allocations.close();
        }
        node.close();
        if (redis != null) {
            redis.close();
        }
    }
}
