package io.posthorn.benchmarks.run;

import io.posthorn.testkit.RedisProcess;
import io.posthorn.testkit.process.Books;
import io.posthorn.testkit.process.PosthornNode;
import io.posthorn.testkit.process.Programs;
import io.posthorn.testkit.process.RunFailed;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The program under test, with its Redis where it has one. */
public final class Service implements AutoCloseable {
    private static final double KIB_PER_MIB = 1024;
    private static final Pattern HEAP_USED = Pattern.compile("\\bused (\\d+)K");

    private final PosthornNode node;
    private final @Nullable RedisProcess redis;
    private final Path data;
    private int eventTypes;

    Service(PosthornNode node, @Nullable RedisProcess redis, Path data) throws IOException, InterruptedException {
        this.node = node;
        this.redis = redis;
        this.data = data;
        node.start();
    }

    Path data() {
        return data;
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
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Double.parseDouble(line.replaceAll("\\D", "")) / KIB_PER_MIB;
            }
        }
        throw new RunFailed("/proc does not tell the memory of the program under test");
    }

    /** The Java and its options that it runs with, whatever script started it. */
    public List<String> javaCommand() throws IOException {
        List<String> line = List.of(Files.readString(Path.of("/proc", Long.toString(pid()), "cmdline"))
                .split("\0"));
        int jar = line.indexOf("-jar");
        if (jar < 0) {
            throw new RunFailed("the program under test was not started with -jar: " + line);
        }
        return line.subList(0, jar + 2);
    }

    /** What is left of its heap after a full collection. */
    public double heapMib() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String pid = Long.toString(pid());
        String collected = Programs.require(jcmd, pid, "GC.run");
        Matcher used = HEAP_USED.matcher(Programs.require(jcmd, pid, "GC.heap_info"));
        if (!used.find()) {
            throw new RunFailed("jcmd does not tell the heap; it collected: " + collected);
        }
        return Double.parseDouble(used.group(1)) / KIB_PER_MIB;
    }

    @Override
    public void close() {
        node.close();
        if (redis != null) {
            redis.close();
        }
    }
}
