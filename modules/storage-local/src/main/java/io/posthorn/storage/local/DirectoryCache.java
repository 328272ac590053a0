package io.posthorn.storage.local;

import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.storage.api.Subscriptions;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What appends and claims need of the directory, in memory; told of every change. Bounded: applications least recently
 * used are forgotten with their endpoints. Store thread.
 */
final class DirectoryCache {
    private static final int MAX_REFERENCES = 20_000;
    private static final int MAX_ENDPOINTS = 200_000;

    private final DirectoryReader reader;
    private final Map<Reference, Application> applications = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<ApplicationId, Optional<Integer>> rates = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<ApplicationId, Subscriptions> subscriptions = new LinkedHashMap<>(16, 0.75f, true);
    private int endpoints;

    private record Reference(OrganizationId organization, String reference) {}

    DirectoryCache(DirectoryReader reader) {
        this.reader = reader;
    }

    @Nullable
    Application application(OrganizationId organization, String reference) throws IOException {
        Reference key = new Reference(organization, reference);
        Application known = applications.get(key);
        if (known == null) {
            known = reader.application(organization, reference);
            if (known != null) {
                applications.put(key, known);
                dropEldest(applications, MAX_REFERENCES);
            }
        }
        return known;
    }

    Subscriptions subscriptions(ApplicationId application) throws IOException {
        Subscriptions known = subscriptions.get(application);
        if (known == null) {
            known = new Subscriptions();
            for (Endpoint endpoint : reader.endpoints(application)) {
                known.put(endpoint);
            }
            subscriptions.put(application, known);
            endpoints += known.size();
            forgetSome();
        }
        return known;
    }

    @Nullable
    Endpoint endpoint(ApplicationId application, EndpointId endpoint) throws IOException {
        Subscriptions known = subscriptions.get(application);
        return known == null ? reader.endpoint(application, endpoint) : known.get(endpoint);
    }

    /** How many deliveries a second its endpoints may get together; null for no limit. */
    @Nullable
    Integer rateOf(ApplicationId application) throws IOException {
        Optional<Integer> known = rates.get(application);
        if (known == null) {
            OrganizationId owner = reader.owner(application);
            Application stored = owner == null ? null : reader.application(owner, application.value());
            known = Optional.ofNullable(stored == null ? null : stored.throttleRate());
            rates.put(application, known);
            dropEldest(rates, MAX_REFERENCES);
        }
        return known.orElse(null);
    }

    void applicationChanged(ApplicationId application) {
        applications.clear();
        rates.remove(application);
    }

    void applicationRemoved(ApplicationId application) {
        applicationChanged(application);
        Subscriptions gone = subscriptions.remove(application);
        if (gone != null) {
            endpoints -= gone.size();
        }
    }

    void endpointChanged(Endpoint endpoint) {
        Subscriptions known = subscriptions.get(endpoint.application());
        if (known != null) {
            endpoints -= known.size();
            known.put(endpoint);
            endpoints += known.size();
        }
    }

    void endpointRemoved(ApplicationId application, EndpointId endpoint) {
        Subscriptions known = subscriptions.get(application);
        if (known != null) {
            endpoints -= known.size();
            known.remove(endpoint);
            endpoints += known.size();
        }
    }

    private void forgetSome() {
        Iterator<Subscriptions> eldest = subscriptions.values().iterator();
        while (endpoints > MAX_ENDPOINTS && subscriptions.size() > 1) {
            endpoints -= eldest.next().size();
            eldest.remove();
        }
    }

    private static <K, V> void dropEldest(Map<K, V> map, int limit) {
        if (map.size() > limit) {
            Iterator<K> eldest = map.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }
}
