package io.posthorn.benchmarks.run;

import io.posthorn.testkit.process.RunFailed;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process of the benchmarks' own, told what to do by a line and answering by a line. One thread. */
public final class Worker implements AutoCloseable {
    private final String name;
    private final Process process;
    private final PrintStream input;
    private final BufferedReader output;
    private final JsonObject hello;

    /** Starts that main class on so many event loops, and waits for its hello. */
    Worker(String name, Class<?> main, int loops) throws IOException {
        this.name = name;
        this.process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xms192m",
                        "-Xmx512m",
                        "-Xmn96m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        Integer.toString(loops)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.hello = new JsonObject(line());
    }

    /** What it said when it was ready. */
    JsonObject hello() {
        return hello;
    }

    long pid() {
        return process.pid();
    }

    /** Waits for its answer, which takes as long as the work. */
    public JsonObject ask(JsonObject work) throws IOException {
        input.println(work.encode());
        JsonObject answer = new JsonObject(line());
        if (answer.containsKey("error")) {
            throw new RunFailed("the " + name + " failed: " + answer.getString("error"));
        }
        return answer;
    }

    /** Ends it. */
    @Override
    public void close() {
        Process unused = process.destroyForcibly();
    }

    private String line() throws IOException {
        @Nullable String line = output.readLine();
        if (line == null) {
            throw new RunFailed("the " + name + " ended");
        }
        return line;
    }
}
