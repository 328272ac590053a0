package io.posthorn.benchmarks.run;

import io.posthorn.benchmarks.load.HelloMain;
import io.posthorn.testkit.process.RunFailed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bare web program as a process that can be started again. */
public final class Hello implements AutoCloseable {
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> command = new ArrayList<>();
    private @Nullable Process process;

    /** With these options of Java. */
    public Hello(List<String> javaOptions) {
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), HelloMain.class.getName()));
    }

    /** Starts it and waits for its first answer; says how long that took. */
    public Duration start() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process started = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process = started;
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        String port = lines.readLine();
        if (port == null) {
            throw new RunFailed("the bare web program ended");
        }
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != OK) {
            throw new RunFailed("the bare web program answered " + answer.statusCode());
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** What it holds of the memory. */
    public double rssMib() throws IOException {
        if (process == null) {
            throw new RunFailed("the bare web program was not started");
        }
        return ProcessMemory.rssMib(process.pid());
    }

    /** Ends it. */
    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
