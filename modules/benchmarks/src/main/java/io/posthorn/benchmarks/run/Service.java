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
import java.time.Duration;
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
    private final Duration startTook;

    Service(PosthornNode node, @Nullable RedisProcess redis) throws IOException, InterruptedException {
        this.node = node;
        this.redis = redis;
        this.startTook = node.start();
    }

    /** From its start to when it said that it is ready. */
    public Duration startTook() {
        return startTook;
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
    String head(String path) {
        return String.join(
                "\r\n",
                "POST " + node.api().getPath() + path + " HTTP/1.1",
                "host: " + node.api().getAuthority(),
                "authorization: Bearer " + node.token(),
                "content-type: application/json");
    }

    int port() {
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
