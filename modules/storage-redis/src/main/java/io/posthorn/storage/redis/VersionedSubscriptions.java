package io.posthorn.storage.redis;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.storage.api.Subscriptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An application with its endpoints as of one version, found by event type. A copy of what the shard has: who relies on
 * it names the version to the script, which refuses an old one. Any thread.
 */
final class VersionedSubscriptions {
    private final Subscriptions endpoints = new Subscriptions();
    private Application application;
    private long version;

    VersionedSubscriptions(Application application) {
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
        return endpoints.size();
    }

    /** Those that want such a message. */
    synchronized Match matching(String eventType, Set<String> channels) {
        return new Match(version, endpoints.matching(eventType, channels));
    }

    /** That one, whatever it wants; none when it is not there. */
    synchronized Match only(EndpointId id) {
        Endpoint one = endpoints.get(id);
        return new Match(version, one == null ? List.of() : List.of(one));
    }

    synchronized @Nullable Endpoint get(EndpointId id) {
        return endpoints.get(id);
    }

    /** Takes over what changed up to a version; null stands for an endpoint that is gone. */
    synchronized void apply(Map<EndpointId, @Nullable Endpoint> changes, long upTo) {
        changes.forEach((id, endpoint) -> {
            endpoints.remove(id);
            if (endpoint != null) {
                endpoints.put(endpoint);
            }
        });
        version = upTo;
    }

    synchronized void rename(Application changed) {
        application = changed;
    }
}
