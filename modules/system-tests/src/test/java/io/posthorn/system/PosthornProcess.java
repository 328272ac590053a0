package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The packaged program as a process of its own, with the disk engine on a given directory. Signals go through its handle:
 * {@link Process#destroy()} would close its output under the reader. In the topology {@code cluster} it is the front of
 * several that a test takes for one node: they live and end together, and their output and metrics are those of one.
 */
final class PosthornProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;

    /** The others of the same node, in the order in which they stop after this one. */
    private final List<PosthornProcess> behind = new ArrayList<>();

    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile String api;
    private volatile String management;
    private volatile String token;

    private PosthornProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "posthorn-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a node on free ports, in the topology that is asked for, and waits until it is ready. Private addresses of this
     * machine may be dialled.
     *
     * @param options of the command {@code serve}
     */
    static PosthornProcess start(Path data, Map<String, String> settings, String... options) throws Exception {
        return switch (Topology.asked()) {
            case SINGLE -> startBehind(List.of(), data, settings, options);
            case CLUSTER -> new SpreadNode(data, settings, options).start();
        };
    }

    /** Starts one process with a command before it, that turns into the program, and waits until it is ready. */
    static PosthornProcess startBehind(List<String> prefix, Path data, Map<String, String> settings, String... options)
            throws Exception {
        PosthornProcess started = launch(prefix, data, settings, options);
        started.awaitReady();
        return started;
    }

    /** Starts one process. */
    static PosthornProcess launch(List<String> prefix, Path data, Map<String, String> settings, String... options)
            throws IOException {
        ProcessBuilder builder =
                PosthornCommand.builder(Stream.concat(Stream.of("serve", "--print-token"), Stream.of(options))
                        .toArray(String[]::new));
        builder.command().addAll(0, prefix);
        builder.environment()
                .putAll(Map.of(
                        "WEBHOOK_DATA_DIR", data.toString(),
                        "WEBHOOK_HTTP_PORT", "0",
                        "WEBHOOK_MANAGEMENT_PORT", "0",
                        "WEBHOOK_EGRESS_ALLOW", "127.0.0.1/32",
                        "WEBHOOK_RETRY_SCHEDULE", "1,1,1",
                        "WEBHOOK_DISPATCH_BUSY_PENALTY", "1",
                        "CIRCUIT_BREAKER_TIMEOUT", "1"));
        builder.environment().putAll(settings);
        return new PosthornProcess(builder.start());
    }

    /** Ends it if it does not become ready. */
    void awaitReady() throws InterruptedException {
        boolean answered = ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!answered || token == null) {
            kill();
            throw new AssertionError("the program did not become ready; its output: " + output());
        }
    }

    /** Makes these a part of the node that this is the front of; they stop after it, in this order. */
    void putBefore(List<PosthornProcess> others) {
        behind.addAll(others);
    }

    /** All processes of the node, this one first. */
    List<PosthornProcess> processes() {
        return Stream.concat(Stream.of(this), behind.stream()).toList();
    }

    String api() {
        return api;
    }

    long pid() {
        return process.pid();
    }

    String token() {
        return token;
    }

    /** What it printed so far. */
    List<String> output() {
        return processes().stream().flatMap(one -> one.output.stream()).toList();
    }

    /** A call of the API, whatever it answers. */
    HttpResponse<String> call(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + path))
                .timeout(Duration.ofSeconds(20))
                .header("authorization", "Bearer " + token)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("content-type", "application/json");
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A call of the API that must succeed with JSON. */
    JsonObject json(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = call(method, path, body);
        assertThat(answer.statusCode())
                .as("%s %s: %s", method, path, answer.body())
                .isBetween(200, 299);
        return new JsonObject(answer.body());
    }

    /** A page of the management port of this process. */
    HttpResponse<String> management(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(management + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The metrics as one page: what the others measure and this one does not stands behind what this one shows. */
    String metrics() throws IOException, InterruptedException {
        String own = management("/metrics").body();
        Set<String> known = own.lines().map(PosthornProcess::nameOf).collect(Collectors.toSet());
        StringBuilder all = new StringBuilder(own);
        for (PosthornProcess other : behind) {
            other.management("/metrics")
                    .body()
                    .lines()
                    .filter(line -> !line.startsWith("#") && !known.contains(nameOf(line)))
                    .forEach(line -> all.append(line).append('\n'));
        }
        return all.toString();
    }

    private static String nameOf(String line) {
        return line.split("[{ ]", 2)[0];
    }

    /** Sends this process a signal by its name, such as {@code STOP}. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        assertThat(kill.waitFor()).as("kill -%s", name).isZero();
    }

    /** As {@code kill -9}, of all its processes. */
    void kill() {
        for (PosthornProcess one : processes()) {
            boolean sent = one.process.toHandle().destroyForcibly();
            assertThat(sent || !one.process.isAlive()).as("it can be killed").isTrue();
        }
        for (PosthornProcess one : processes()) {
            one.process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        }
    }

    /** As SIGTERM, of one process after the other; waits for the end and answers the first exit code that is not 0. */
    int terminate() throws InterruptedException {
        int code = 0;
        for (PosthornProcess one : processes()) {
            boolean sent = one.process.toHandle().destroy();
            assertThat(sent || !one.process.isAlive()).as("it can be ended").isTrue();
            assertThat(one.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            code = code == 0 ? one.process.exitValue() : code;
        }
        return code;
    }

    @Override
    public void close() {
        kill();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                String[] words = line.strip().split("\\s+");
                switch (words[0]) {
                    case "API" -> api = words[1];
                    case "management" -> management = words[1];
                    case "token" -> {
                        token = words[1];
                        ready.countDown();
                    }
                    default -> {}
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            // The output ends with the process: nobody waits for a program that is gone.
            ready.countDown();
        }
    }
}
