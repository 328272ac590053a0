package io.posthorn.testkit.process;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The program under test as a process that can be ended and started again. It listens on free ports, so its address
 * changes with every start. Its output goes to a file too.
 */
public final class PosthornNode implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> command;
    private final List<String> options;
    private final Map<String, String> environment;
    private final Path log;
    private volatile @Nullable Running running;
    private volatile @Nullable Process newest;

    /** One life of the process. */
    private static final class Running {
        final Process process;
        final CountDownLatch told = new CountDownLatch(1);
        final ConcurrentLinkedQueue<String> output = new ConcurrentLinkedQueue<>();
        volatile @Nullable URI api;
        volatile @Nullable String management;
        volatile @Nullable String token;

        Running(Process process) {
            this.process = process;
        }
    }

    /**
     * A node that is not started yet.
     *
     * @param command what runs the program, up to its arguments; the process must stay the one that is started
     * @param environment its settings; none is inherited
     * @param log where its output goes as well
     */
    public PosthornNode(List<String> command, Map<String, String> environment, Path log) {
        this(command, List.of(), environment, log);
    }

    /**
     * The same with options of {@code serve}, such as {@code --roles}.
     *
     * @param options behind those that it has always
     */
    public PosthornNode(List<String> command, List<String> options, Map<String, String> environment, Path log) {
        this.command = List.copyOf(command);
        this.options = List.copyOf(options);
        this.environment = new HashMap<>(environment);
        this.log = log;
    }

    /** The command that runs a packaged program with the Java of this process. */
    public static List<String> java(List<String> options, Path jar) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /** Whether a variable would change what the process under test does; none is inherited. */
    static boolean isSetting(String variable) {
        return variable.startsWith("WEBHOOK_")
                || variable.startsWith("REDIS_")
                || variable.equals("JAVA_TOOL_OPTIONS")
                || variable.startsWith("FAKETIME");
    }

    /** Adds to its environment from the next start on. */
    public void set(String name, String value) {
        environment.put(name, value);
    }

    /** Starts it and waits until it is ready; answers how long that took. */
    @CanIgnoreReturnValue
    public Duration start() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Running started = launch();
        if (!started.told.await(START.toSeconds(), TimeUnit.SECONDS) || started.token == null) {
            started.process.destroyForcibly();
            throw new RunFailed("the node did not become ready: " + tail(started));
        }
        running = started;
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Starts it although it must refuse; answers its exit code and output. */
    public Programs.Ended startRefused() throws IOException, InterruptedException {
        Running started = launch();
        if (!started.process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
            started.process.destroyForcibly();
            return new Programs.Ended(-1, "still running after " + START.toSeconds() + " s: " + tail(started));
        }
        boolean unused = started.told.await(START.toSeconds(), TimeUnit.SECONDS);
        return new Programs.Ended(started.process.exitValue(), String.join("\n", started.output));
    }

    /** Runs another command of the program with the same settings, such as {@code verify}. */
    public Programs.Ended run(Duration atMost, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        return Programs.run(atMost, environment, all);
    }

    /** As {@code kill -9}; nothing when it does not run. */
    public void kill() {
        Running current = running;
        if (current != null) {
            current.process.destroyForcibly();
            current.process
                    .onExit()
                    .orTimeout(STOP.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
    }

    /** Sends {@code kill -9} to whatever was started last, without waiting. */
    public void end() {
        Process last = newest;
        if (last != null) {
            Process unused = last.destroyForcibly();
        }
    }

    /** As SIGTERM; waits for the end and answers the exit code. */
    public int terminate() throws InterruptedException {
        Process process = current().process;
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new RunFailed("the node did not stop in " + STOP.toSeconds() + " s");
        }
        return process.exitValue();
    }

    /** Sends it a signal by its name. */
    public void signal(String name) throws IOException, InterruptedException {
        Programs.signal(name, current().process);
    }

    /** The number of its process. */
    public long pid() {
        return current().process.pid();
    }

    /** Whether its process lives. */
    public boolean isAlive() {
        Running current = running;
        return current != null && current.process.isAlive();
    }

    /** Where the API is now, {@code /api/v1} included. */
    public URI api() {
        URI api = current().api;
        if (api == null) {
            throw new RunFailed("the node has not said where its API is");
        }
        return api;
    }

    /** A token of the organisation. */
    public String token() {
        return String.valueOf(current().token);
    }

    /** What this life of it printed so far. */
    public List<String> output() {
        return List.copyOf(current().output);
    }

    /** A call of the API that must succeed; an empty object where the answer has no body. */
    @CanIgnoreReturnValue
    public JsonObject json(String method, String path, @Nullable JsonObject body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api() + path))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + token());
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("content-type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body.encode()));
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new RunFailed(method + " " + path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
    }

    /** The text of a page of the management port, whatever its status; empty when it cannot be had. */
    public String management(String path) throws InterruptedException {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create(current().management + path))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        kill();
    }

    private Running current() {
        Running current = running;
        if (current == null) {
            throw new RunFailed("the node was never started");
        }
        return current;
    }

    private Running launch() throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("serve", "--print-token"));
        all.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().keySet().removeIf(PosthornNode::isSetting);
        builder.environment().putAll(environment);
        Process process = builder.start();
        newest = process;
        Running started = new Running(process);
        Thread reader = new Thread(() -> read(started), "node-output");
        reader.setDaemon(true);
        reader.start();
        return started;
    }

    private void read(Running started) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(started.process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                started.output.add(line);
                Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                String[] words = line.strip().split("\\s+");
                switch (words[0]) {
                    case "API" -> started.api = URI.create(words[1]);
                    case "management" -> started.management = words[1];
                    case "token" -> {
                        started.token = words[1];
                        started.told.countDown();
                    }
                    default -> {}
                }
            }
        } catch (IOException e) {
            // The stream of a process that was ended may break off; its end is seen below.
            started.output.add("(the output broke off: " + e + ")");
        } finally {
            started.told.countDown();
        }
    }

    private static String tail(Running started) {
        List<String> all = List.copyOf(started.output);
        return String.join("\n", all.subList(Math.max(0, all.size() - 15), all.size()));
    }
}
