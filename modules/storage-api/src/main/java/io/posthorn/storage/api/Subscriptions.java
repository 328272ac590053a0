package io.posthorn.storage.api;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The endpoints of one application, found by event type. One thread at a time. */
public final class Subscriptions {
    private final Map<EndpointId, Endpoint> all = new HashMap<>();
    private final Map<EndpointId, Endpoint> ofAnyType = new LinkedHashMap<>();
    private final Map<String, Map<EndpointId, Endpoint>> byType = new HashMap<>();

    /** Adds an endpoint, in place of an older state of it. */
    public void put(Endpoint endpoint) {
        remove(endpoint.id());
        all.put(endpoint.id(), endpoint);
        if (endpoint.eventTypes() == null) {
            ofAnyType.put(endpoint.id(), endpoint);
        } else {
            for (String type : endpoint.eventTypes()) {
                byType.computeIfAbsent(type, absent -> new LinkedHashMap<>()).put(endpoint.id(), endpoint);
            }
        }
    }

    /** Takes an endpoint out, if it is there. */
    public void remove(EndpointId id) {
        Endpoint old = all.remove(id);
        if (old == null) {
            return;
        }
        ofAnyType.remove(id);
        if (old.eventTypes() != null) {
            for (String type : old.eventTypes()) {
                byType.computeIfPresent(type, (name, endpoints) -> {
                    endpoints.remove(id);
                    return endpoints.isEmpty() ? null : endpoints;
                });
            }
        }
    }

    /** That one, or null. */
    public @Nullable Endpoint get(EndpointId id) {
        return all.get(id);
    }

    /** How many endpoints there are. */
    public int size() {
        return all.size();
    }

    /** Those that want such a message. */
    public List<Endpoint> matching(String eventType, Set<String> channels) {
        List<Endpoint> matching = new ArrayList<>();
        addMatching(ofAnyType.values(), eventType, channels, matching);
        Map<EndpointId, Endpoint> ofType = byType.get(eventType);
        if (ofType != null) {
            addMatching(ofType.values(), eventType, channels, matching);
        }
        return matching;
    }

    private static void addMatching(
            Collection<Endpoint> endpoints, String eventType, Set<String> channels, List<Endpoint> matching) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.wants(eventType, channels)) {
                matching.add(endpoint);
            }
        }
    }
}
