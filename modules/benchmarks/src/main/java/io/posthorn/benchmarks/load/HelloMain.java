package io.posthorn.benchmarks.load;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;

/** The least that a Vert.x Web program can be: one route that answers hello. Prints its port. */
public final class HelloMain {
    private HelloMain() {}

    /** Listens on a free port of 127.0.0.1 until it is ended. */
    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        router.get("/").handler(request -> request.end("hello").onFailure(request::fail));
        HttpServer server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        System.out.println(server.actualPort());
    }
}
