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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The packaged program as a process of its own, with the disk engine on a given directory. Signals go through its handle:
 * {@link Process#destroy()} would close its output under the reader.
 */
final class PosthornProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
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
     * Starts a node on free ports and waits until it is ready. Private addresses of this machine may be dialled.
     *
     * @param options of the command {@code serve}
     */
    static PosthornProcess start(Path data, Map<String, String> settings, String... options) throws Exception {
        return startBehind(List.of(), data, settings, options);
    }

    /** The same with a command before it, that turns into the program. */
    static PosthornProcess startBehind(List<String> prefix, Path data, Map<String, String> settings, String... options)
            throws Exception {
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
        PosthornProcess started = new PosthornProcess(builder.start());
        boolean answered = started.ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!answered || started.token == null) {
            started.kill();
            throw new AssertionError("the program did not become ready; its output: " + started.output);
        }
        return started;
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
        return List.copyOf(output);
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

    /** A page of the management port. */
    HttpResponse<String> management(String path) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(management + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** As {@code kill -9}. */
    void kill() {
        boolean sent = process.toHandle().destroyForcibly();
        assertThat(sent || !process.isAlive()).as("it can be killed").isTrue();
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** As SIGTERM; waits for the end and answers the exit code. */
    int terminate() throws InterruptedException {
        boolean sent = process.toHandle().destroy();
        assertThat(sent || !process.isAlive()).as("it can be ended").isTrue();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
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
