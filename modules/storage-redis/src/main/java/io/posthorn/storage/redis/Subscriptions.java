package io.posthorn.storage.redis;

import io.posthorn.contract.Application;
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

/**
 * An application with its endpoints as of one version, found by event type. A copy of what the shard has: who relies on
 * it names the version to the script, which refuses an old one. Any thread.
 */
final class Subscriptions {
    private final Map<EndpointId, Endpoint> all = new HashMap<>();
    private final Map<EndpointId, Endpoint> ofAnyType = new LinkedHashMap<>();
    private final Map<String, Map<EndpointId, Endpoint>> byType = new HashMap<>();
    private Application application;
    private long version;

    Subscriptions(Application application) {
        this.application = application;
    }

    /**
     * Endpoints of one version.
     *
     * @param version of the application's directory, that {@code a:A} must still have where they are relied on
     */
    record Match(long version, List<Endpoint> endpoints) {
        Match {
            endpoints = List.copyOf(endpoints);
        }
    }

    synchronized Application application() {
        return application;
    }

    synchronized long version() {
        return version;
    }

    synchronized int size() {
        return all.size();
    }

    /** Those that want such a message. */
    synchronized Match matching(String eventType, Set<String> channels) {
        List<Endpoint> matching = new ArrayList<>();
        addMatching(ofAnyType.values(), eventType, channels, matching);
        Map<EndpointId, Endpoint> ofType = byType.get(eventType);
        if (ofType != null) {
            addMatching(ofType.values(), eventType, channels, matching);
        }
        return new Match(version, matching);
    }

    /** That one, whatever it wants; none when it is not there. */
    synchronized Match only(EndpointId id) {
        Endpoint one = all.get(id);
        return new Match(version, one == null ? List.of() : List.of(one));
    }

    synchronized @Nullable Endpoint get(EndpointId id) {
        return all.get(id);
    }

    /** Takes over what changed up to a version; null stands for an endpoint that is gone. */
    synchronized void apply(Map<EndpointId, @Nullable Endpoint> changes, long upTo) {
        changes.forEach((id, endpoint) -> {
            drop(id);
            if (endpoint != null) {
                put(endpoint);
            }
        });
        version = upTo;
    }

    synchronized void rename(Application changed) {
        application = changed;
    }

    private void put(Endpoint endpoint) {
        all.put(endpoint.id(), endpoint);
        if (endpoint.eventTypes() == null) {
            ofAnyType.put(endpoint.id(), endpoint);
        } else {
            for (String type : endpoint.eventTypes()) {
                byType.computeIfAbsent(type, absent -> new LinkedHashMap<>()).put(endpoint.id(), endpoint);
            }
        }
    }

    private void drop(EndpointId id) {
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

    private static void addMatching(
            Collection<Endpoint> endpoints, String eventType, Set<String> channels, List<Endpoint> matching) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.wants(eventType, channels)) {
                matching.add(endpoint);
            }
        }
    }
}
