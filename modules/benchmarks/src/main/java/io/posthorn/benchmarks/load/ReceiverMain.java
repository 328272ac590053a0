package io.posthorn.benchmarks.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The process behind every endpoint. Its only argument says on how many event loops it runs. */
public final class ReceiverMain {
    private ReceiverMain() {}

    /** Says its port, then answers {@code counts} and {@code report}, and is told what is {@code fresh}. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int loops = Integer.parseInt(args[0]);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
        List<Receipts> receipts = new ArrayList<>();
        int port = 0;
        for (int i = 0; i < loops; i++) {
            Receipts own = new Receipts();
            receipts.add(own);
            ReceiverVerticle verticle = new ReceiverVerticle(port, own);
            String unused = vertx.deployVerticle(verticle)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            port = verticle.actualPort();
        }
        WorkerLoop.serve(new JsonObject().put("port", port), asked -> switch (asked.getString("do")) {
            case "counts" -> Future.succeededFuture(Receipts.counts(receipts));
            case "report" -> Future.succeededFuture(Receipts.report(receipts));
            case "fresh" -> {
                long from = asked.getLong("from");
                receipts.forEach(one -> one.freshFrom(from));
                yield Future.succeededFuture(Receipts.counts(receipts));
            }
            default -> Future.failedFuture("the receiver cannot " + asked.getString("do"));
        });
        System.exit(0);
    }
}
