package io.posthorn.system;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** As much of the API of Kubernetes as pods ask for, over TLS at its usual port: each token may read what it was allowed, and no more. */
final class KubernetesApi {
    static final String NAME = "kubernetes.default.svc";
    private static final int PORT = 443;

    private final Map<String, Map<String, JsonObject>> allowed = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** One request, with the status that it was answered with. */
    record Asked(String token, String uri, int status) {}

    /** Why it cannot be there; empty when it can. */
    static String impediment(String host) {
        try (ServerSocket free = new ServerSocket()) {
            free.bind(new InetSocketAddress(host, PORT));
            return "";
        } catch (IOException e) {
            return "port " + PORT + ": " + e.getMessage();
        }
    }

    /** @param holder of a certificate for {@value #NAME} */
    KubernetesApi(Vertx vertx, String host, TestAuthority.Holder holder) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(holder.certificate()))
                        .addKeyValue(Buffer.buffer(holder.key())));
        Futures.resultOf(
                vertx.createHttpServer(options).requestHandler(this::answer).listen(PORT, host));
    }

    /**
     * Lets a token read.
     *
     * @param uri with its query
     */
    void allow(String token, String uri, JsonObject answer) {
        allowed.computeIfAbsent(token, first -> new ConcurrentHashMap<>()).put(uri, answer);
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    private void answer(HttpServerRequest request) {
        String authorization = String.valueOf(request.getHeader("authorization"));
        String token = authorization.startsWith("Bearer ") ? authorization.substring("Bearer ".length()) : "";
        Map<String, JsonObject> readable = allowed.get(token);
        JsonObject found = readable == null ? null : readable.get(request.uri());
        int status = found != null ? 200 : readable == null ? 401 : 403;
        JsonObject body = found != null
                ? found
                : new JsonObject()
                        .put("kind", "Status")
                        .put("status", "Failure")
                        .put("reason", readable == null ? "Unauthorized" : "Forbidden")
                        .put("code", status);
        asked.add(new Asked(token, request.uri(), status));
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body.encode())
                .onComplete(sent -> {});
    }
}
