package io.posthorn.app.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;

/** The few calls of the HTTP API that the demonstration makes. */
final class ApiCalls {
    private final HttpClient client;
    private final URI server;
    private final String token;

    ApiCalls(Vertx vertx, URI server, String token) {
        this.client = vertx.createHttpClient();
        this.server = server;
        this.token = token;
    }

    /** Posts; completes with the answer's JSON, fails with its status and text where that is no success. */
    Future<JsonObject> post(String path, JsonObject body) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(server.getHost())
                .setPort(server.getPort())
                .setURI("/api/v1" + path)
                .setTimeout(10_000)
                .putHeader("authorization", "Bearer " + token)
                .putHeader("content-type", "application/json");
        return client.request(request)
                .compose(ready -> ready.send(body.toBuffer()))
                .compose(response -> response.body()
                        .compose(text -> response.statusCode() / 100 == 2
                                ? Future.succeededFuture(text.toJsonObject())
                                : Future.failedFuture(path + " answered " + response.statusCode() + ": " + text)));
    }
}
