package io.posthorn.chaos.run;

import io.posthorn.testkit.process.PosthornNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The applications of a run, their endpoints, and the receivers behind them. */
public final class Tenants {
    static final List<String> EVENT_TYPES = List.of("invoice.paid", "invoice.voided", "order.created");
    /** How many applications a run has. */
    public static final int APPLICATIONS = 3;

    /** What each application's endpoints want; empty: everything. */
    private static final List<Set<String>> WANTED =
            List.of(Set.of(), Set.of("invoice.paid"), Set.of("invoice.paid", "order.created"));

    private final List<String> applications = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();

    /** Makes them all through the API. */
    void create(Vertx vertx, PosthornNode node, Receipts receipts) throws IOException, InterruptedException {
        for (String type : EVENT_TYPES) {
            node.json("POST", "/event-type", new JsonObject().put("name", type).put("description", type));
        }
        for (int i = 0; i < APPLICATIONS; i++) {
            String application = node.json("POST", "/app", new JsonObject().put("name", "Application " + (i + 1)))
                    .getString("id");
            applications.add(application);
            for (Set<String> wanted : WANTED) {
                Receiver receiver = new Receiver(vertx, receipts);
                await(receiver.listen());
                JsonObject asked = new JsonObject().put("url", receiver.url());
                if (!wanted.isEmpty()) {
                    asked.put("filterTypes", new JsonArray(List.copyOf(wanted)));
                }
                String id = node.json("POST", "/app/" + application + "/endpoint", asked)
                        .getString("id");
                receiver.serves(id);
                endpoints.add(new Endpoint(application, id, wanted, receiver));
            }
        }
    }

    /** The ids of the applications. */
    public List<String> applications() {
        return applications;
    }

    /** All endpoints of all applications. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    List<Endpoint> of(String application) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.application().equals(application))
                .toList();
    }

    private static void await(Future<?> future) {
        Object unused = future.toCompletionStage().toCompletableFuture().join();
    }
}
