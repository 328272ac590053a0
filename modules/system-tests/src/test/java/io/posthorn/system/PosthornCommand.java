package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The packaged program as a process that does one thing and ends. */
final class PosthornCommand {
    private static final long PATIENCE_SECONDS = Long.getLong("posthorn.command.seconds", 120);

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String JAR = System.getProperty("posthorn.jar", "../app/target/posthorn.jar");
    private static final List<String> FROM_ARCHIVE = ClassArchive.flags(JAVA, JAR);

    private final Process process;
    private final @Nullable String deadly;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final CountDownLatch firstLine = new CountDownLatch(1);
    private final Thread reader;

    private PosthornCommand(Process process, @Nullable String deadly) {
        this.process = process;
        this.deadly = deadly;
        this.reader = new Thread(this::read, "posthorn-command");
        reader.setDaemon(true);
        reader.start();
    }

    /** What a command left: its exit code, and all that it printed. */
    record Result(int exitCode, String output) {
        Result expect(int wanted) {
            assertThat(exitCode).as(output).isEqualTo(wanted);
            return this;
        }
    }

    /** The program with these arguments and none of this process's own settings. */
    static ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx256m"));
        command.addAll(FROM_ARCHIVE);
        command.addAll(List.of("-jar", JAR));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("WEBHOOK_") || name.startsWith("REDIS_"));
        return builder;
    }

    static PosthornCommand start(Map<String, String> settings, String... arguments) throws IOException {
        ProcessBuilder builder = builder(arguments);
        builder.environment().putAll(settings);
        return new PosthornCommand(builder.start(), null);
    }

    /** One that dies, as by {@code kill -9}, as soon as it says this. */
    static PosthornCommand startMortal(String deadly, String... arguments) throws IOException {
        return new PosthornCommand(builder(arguments).start(), deadly);
    }

    /** Runs it to its end. */
    static Result run(Map<String, String> settings, String... arguments) throws IOException, InterruptedException {
        return start(settings, arguments).result();
    }

    Result result() throws InterruptedException {
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            kill();
        }
        reader.join();
        assertThat(ended)
                .as("it takes longer than %s s: %s", PATIENCE_SECONDS, lines)
                .isTrue();
        return new Result(process.exitValue(), String.join("\n", lines));
    }

    /** As {@code kill -9}, so long after its first line; answers whether it was running still. */
    boolean killAfterFirstLine(long millis) throws InterruptedException {
        boolean begun = firstLine.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
        kill();
        reader.join();
        boolean gone = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return begun && !ended && gone;
    }

    /** Through its handle: {@link Process#destroyForcibly()} would close its output under the reader. */
    private void kill() {
        boolean sent = process.toHandle().destroyForcibly();
        assertThat(sent || !process.isAlive()).as("it can be killed").isTrue();
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                if (deadly != null && line.contains(deadly)) {
                    kill();
                }
                firstLine.countDown();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            firstLine.countDown();
        }
    }
}
