package io.posthorn.health;

import io.posthorn.contract.Addresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells the other nodes that this one lives, and knows which ones were heard of lately. Verticle context. */
final class Heartbeats {
    private static final Duration MEMORY = Duration.ofSeconds(5);
    private static final int MAX_NODES = 1_000;

    private final EventBus eventBus;
    private final InstantSource clock;
    private final MessageConsumer<JsonObject> consumer;
    private final Map<String, Heard> heard = new LinkedHashMap<>();

    private record Heard(JsonObject node, Instant at) {}

    Heartbeats(EventBus eventBus, InstantSource clock) {
        this.eventBus = eventBus;
        this.clock = clock;
        this.consumer = eventBus.consumer(Addresses.NODES);
        consumer.handler(message -> hear(message.body()));
    }

    void send(JsonObject node) {
        eventBus.publish(Addresses.NODES, node);
    }

    /** The nodes heard of within the last five seconds. */
    JsonArray nodes() {
        Instant since = clock.instant().minus(MEMORY);
        heard.values().removeIf(one -> one.at().isBefore(since));
        JsonArray nodes = new JsonArray();
        heard.values().forEach(one -> nodes.add(one.node()));
        return nodes;
    }

    Future<Void> stop() {
        return consumer.unregister();
    }

    private void hear(JsonObject node) {
        String name = node.getString("node");
        if (name == null) {
            return;
        }
        heard.remove(name);
        heard.put(name, new Heard(node, clock.instant()));
        Iterator<String> oldest = heard.keySet().iterator();
        while (heard.size() > MAX_NODES) {
            oldest.next();
            oldest.remove();
        }
    }
}
