package io.posthorn.system;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends messages from several threads to nodes in turn until it is stopped, and knows which were accepted. */
final class ClusterLoad {
    private static final int SENDERS = 4;
    static final String BODY = "{\"eventType\":\"invoice.paid\",\"payload\":{\"amount\":1250}}";

    private final String application;
    private final List<PosthornProcess> nodes = new CopyOnWriteArrayList<>();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Map<Integer, AtomicInteger> refused = new ConcurrentHashMap<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger turn = new AtomicInteger();
    private final List<Thread> senders = new ArrayList<>();

    ClusterLoad(String application, PosthornProcess... nodes) {
        this.application = application;
        this.nodes.addAll(List.of(nodes));
        for (int i = 0; i < SENDERS; i++) {
            Thread sender = new Thread(this::send, "load-" + i);
            sender.start();
            senders.add(sender);
        }
    }

    /** The ids of the messages that were answered with 202. */
    Set<String> accepted() {
        return Set.copyOf(accepted);
    }

    int acceptedCount() {
        return accepted.size();
    }

    /** How many requests got which other status; 0 for none at all. */
    Map<Integer, AtomicInteger> refused() {
        return Map.copyOf(refused);
    }

    /** Sends to another node in place of one that messages were sent to; a node of other roles is passed over. */
    void replace(PosthornProcess old, PosthornProcess by) {
        if (nodes.contains(old)) {
            nodes.add(by);
            nodes.remove(old);
        }
    }

    /** Sends no more; returns when the requests under way are answered. */
    void stop() throws InterruptedException {
        stopped.set(true);
        for (Thread sender : senders) {
            sender.join();
        }
    }

    private void send() {
        while (!stopped.get()) {
            PosthornProcess node = nodes.get(Math.floorMod(turn.getAndIncrement(), nodes.size()));
            try {
                HttpResponse<String> answer = node.call("POST", "/app/" + application + "/msg", BODY);
                if (answer.statusCode() == 202) {
                    accepted.add(new JsonObject(answer.body()).getString("id"));
                } else {
                    count(answer.statusCode());
                }
            } catch (IOException e) {
                // What was not answered was not accepted.
                count(0);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void count(int status) {
        refused.computeIfAbsent(status, first -> new AtomicInteger()).incrementAndGet();
    }
}
