package io.posthorn.testkit.process;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Other programs: found, and run to their end. */
public final class Programs {
    private static final List<String> PLACES = List.of("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin");

    private Programs() {}

    /** What a program ended with. */
    public record Ended(int code, String output) {}

    /** Runs it with that addition to its environment; fails when it does not end in time. */
    public static Ended run(Duration atMost, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        File output = File.createTempFile("posthorn", ".out");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
            builder.environment().keySet().removeIf(PosthornNode::isSetting);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new RunFailed(command + " did not end in " + atMost.toSeconds() + " s");
            }
            try (InputStream text = new java.io.FileInputStream(output)) {
                return new Ended(process.exitValue(), new String(text.readAllBytes(), StandardCharsets.UTF_8));
            }
        } finally {
            if (!output.delete()) {
                output.deleteOnExit();
            }
        }
    }

    /** Runs it and answers its output; fails when it says that it failed. */
    @CanIgnoreReturnValue
    public static String require(String... command) throws IOException, InterruptedException {
        Ended ended = run(Duration.ofSeconds(30), Map.of(), List.of(command));
        if (ended.code() != 0) {
            throw new RunFailed(Arrays.toString(command) + " ended with " + ended.code() + ": " + ended.output());
        }
        return ended.output();
    }

    /** Sends a signal by its name, such as {@code STOP}. */
    public static void signal(String name, Process process) throws IOException, InterruptedException {
        require("kill", "-" + name, Long.toString(process.pid()));
    }

    /** Where a program is; empty when it is not installed. */
    public static Optional<String> find(String name) {
        return PLACES.stream()
                .map(place -> new File(place, name))
                .filter(File::canExecute)
                .map(File::getPath)
                .findFirst();
    }
}
