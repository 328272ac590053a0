package io.posthorn.chaos.run;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** One event to send: the same key and body however often it must be repeated until it is answered. */
final class Event {
    private final String application;
    private final String key;
    private final JsonObject body;
    private final List<Candidate> candidates;

    /** An endpoint that wanted it before it was first sent, and how often that endpoint had been changed then. */
    private record Candidate(Endpoint endpoint, int changes) {}

    Event(String application, String key, String eventType, int number, List<Endpoint> endpoints) {
        this.application = application;
        this.key = key;
        this.body = new JsonObject()
                .put("eventType", eventType)
                .put("payload", new JsonObject().put("number", number).put("text", "x".repeat(200)));
        this.candidates = endpoints.stream()
                .filter(endpoint -> endpoint.wants(eventType))
                .map(endpoint -> new Candidate(endpoint, endpoint.changes()))
                .toList();
    }

    String application() {
        return application;
    }

    String key() {
        return key;
    }

    JsonObject body() {
        return body;
    }

    /** Those that were not touched between the first request and now: they must get it. */
    List<Endpoint> promisedEndpoints() {
        return candidates.stream()
                .filter(one -> one.endpoint().changes() == one.changes())
                .map(Candidate::endpoint)
                .toList();
    }
}
