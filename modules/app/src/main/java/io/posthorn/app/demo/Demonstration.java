package io.posthorn.app.demo;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Shows what a node does: sends a few events to a receiver that fails twice for each and then takes it, and tells every
 * attempt as it happens. Runs once.
 */
public final class Demonstration {
    private static final List<String> EVENTS = List.of("invoice.created", "invoice.paid", "invoice.archived");
    private static final int FAILURES = 2;
    private static final int SECONDS = 60;

    private final Vertx vertx;
    private final ApiCalls api;
    private final PrintWriter out;
    private final String secret = newSecret();
    private final Set<String> delivered = ConcurrentHashMap.newKeySet();
    private final Promise<Void> finished = Promise.promise();
    private final Receiver receiver;

    /** Against the API at an address, with the token of an organisation. */
    public Demonstration(Vertx vertx, URI server, String token, PrintWriter out) {
        this.vertx = vertx;
        this.api = new ApiCalls(vertx, server, token);
        this.out = out;
        this.receiver = new Receiver(vertx, new SignatureCheck(secret, InstantSource.system()), this::answer);
    }

    /** Completes when every event has arrived and verified; fails if that takes a minute or a signature is wrong. */
    public Future<Void> run() {
        return receiver.listen("127.0.0.1", 0)
                .compose(this::createEndpoint)
                .compose(this::sendEvents)
                .compose(sent -> finished.future().timeout(SECONDS, TimeUnit.SECONDS))
                .eventually(() -> receiver.close());
    }

    private Future<String> createEndpoint(int port) {
        String url = "http://127.0.0.1:" + port + "/webhooks";
        say("receiver listens at " + url + "; it fails twice for every message, then takes it");
        return api.post("/app", new JsonObject().put("name", "Demonstration"))
                .map(application -> application.getString("id"))
                .compose(id -> api.post(
                                "/app/" + id + "/endpoint",
                                new JsonObject().put("url", url).put("secret", secret))
                        .onSuccess(endpoint -> say("application " + id + ", endpoint " + endpoint.getString("id")))
                        .map(id));
    }

    private Future<Void> sendEvents(String application) {
        Future<Void> chain = Future.succeededFuture();
        for (String event : EVENTS) {
            chain = chain.compose(before -> send(application, event));
        }
        return chain;
    }

    private Future<Void> send(String application, String event) {
        JsonObject message = new JsonObject()
                .put("eventType", event)
                .put(
                        "payload",
                        new JsonObject()
                                .put("invoice", "in_" + EVENTS.indexOf(event))
                                .put("total", 1250));
        return api.post("/app/" + application + "/msg", message)
                .onSuccess(accepted -> say("accepted  " + accepted.getString("id") + "  " + event))
                .mapEmpty();
    }

    /** An error that is no sign of overload, so that the retry schedule alone decides when the next attempt comes. */
    private int answer(Arrival arrival) {
        if (!arrival.isGenuine()) {
            say("attempt " + arrival.attempt() + " of " + arrival.messageId() + ": " + arrival.signature());
            finished.tryFail("a signature did not verify: " + arrival.problem());
            return 400;
        }
        int status = arrival.attempt() <= FAILURES ? 500 : 200;
        say("attempt " + arrival.attempt() + " of " + arrival.messageId() + ": " + arrival.signature() + ", answered "
                + status);
        if (status == 200 && delivered.add(arrival.messageId()) && delivered.size() == EVENTS.size()) {
            vertx.setTimer(200, timer -> finished.tryComplete());
        }
        return status;
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    private static String newSecret() {
        byte[] key = new byte[24];
        new SecureRandom().nextBytes(key);
        return "whsec_" + Base64.getEncoder().encodeToString(key);
    }
}
