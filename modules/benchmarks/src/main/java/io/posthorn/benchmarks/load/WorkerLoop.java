package io.posthorn.benchmarks.load;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * How a worker process is told what to do: a JSON object a line on its input, one a line on its output as the answer. It
 * ends with its input, and so with the process that started it.
 */
final class WorkerLoop {
    private WorkerLoop() {}

    /** Says hello, then serves until the input ends; on the calling thread. */
    static void serve(JsonObject hello, Function<JsonObject, Future<JsonObject>> work)
            throws IOException, InterruptedException {
        System.out.println(hello.encode());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(answer(line, work).encode());
        }
    }

    private static JsonObject answer(String line, Function<JsonObject, Future<JsonObject>> work)
            throws InterruptedException {
        try {
            return work.apply(new JsonObject(line))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            return new JsonObject().put("error", String.valueOf(e.getCause()));
        } catch (RuntimeException e) {
            return new JsonObject().put("error", String.valueOf(e));
        }
    }
}
