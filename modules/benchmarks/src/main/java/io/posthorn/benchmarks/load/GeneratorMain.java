package io.posthorn.benchmarks.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The process that sends. Its only argument says on how many event loops it runs. */
public final class GeneratorMain {
    private final List<LoadVerticle> loops = new ArrayList<>();

    GeneratorMain(Vertx vertx, int count) {
        for (int i = 0; i < count; i++) {
            LoadVerticle loop = new LoadVerticle(i, count);
            String unused = vertx.deployVerticle(loop)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            loops.add(loop);
        }
    }

    /** Carries out each {@link LoadJob} that it is given. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int count = Integer.parseInt(args[0]);
        GeneratorMain generator = new GeneratorMain(Vertx.vertx(new VertxOptions().setEventLoopPoolSize(count)), count);
        WorkerLoop.serve(new JsonObject(), asked -> switch (asked.getString("do")) {
            case "load" -> generator.load(LoadJob.of(asked));
            default -> Future.failedFuture("the generator cannot " + asked.getString("do"));
        });
        System.exit(0);
    }

    Future<JsonObject> load(LoadJob job) {
        return Future.all(each(loop -> loop.open(job)))
                .compose(open -> run(job))
                .map(LoadTally::report)
                .eventually(() -> Future.join(each(LoadVerticle::closeLoop)));
    }

    private Future<List<LoadTally>> run(LoadJob job) {
        List<Future<LoadTally>> running = loops.stream().map(LoadVerticle::run).toList();
        if (job.rate() > 0) {
            Thread pacer = new Thread(new Pacer(loops, job), "pacer");
            pacer.setDaemon(true);
            pacer.start();
        }
        return Future.all(running)
                .map(all -> running.stream().map(Future::result).toList());
    }

    private List<Future<?>> each(Function<LoadVerticle, Future<?>> work) {
        List<Future<?>> all = new ArrayList<>();
        for (LoadVerticle loop : loops) {
            all.add(work.apply(loop));
        }
        return all;
    }
}
