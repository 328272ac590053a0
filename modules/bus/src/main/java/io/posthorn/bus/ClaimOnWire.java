package io.posthorn.bus;

import com.fasterxml.jackson.databind.util.StdConverter;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.Claimed;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A claim as it travels: what many of its deliveries share stands in it once, since most of what a claim would weigh without its
 * payloads is the same endpoint again and again.
 *
 * @param endpoints each once
 */
record ClaimOnWire(List<Endpoint> endpoints, List<Held> deliveries) {
    ClaimOnWire {
        // What a neighbour leaves out is null.
        endpoints = endpoints == null ? List.of() : endpoints;
        deliveries = deliveries == null ? List.of() : deliveries;
        for (Held one : deliveries) {
            if (one == null || one.message() == null) {
                throw new IllegalArgumentException("a delivery without its message");
            }
            if (one.endpoint() < 0 || one.endpoint() >= endpoints.size()) {
                throw new IllegalArgumentException(
                        "endpoint " + one.endpoint() + " of " + endpoints.size() + " (expected: a place among them)");
            }
        }
    }

    /**
     * A delivery without what its message and its endpoint say already.
     *
     * @param endpoint its place among the endpoints
     */
    record Held(
            int endpoint,
            long fence,
            Instant leaseUntil,
            int attempt,
            Trigger trigger,
            Message message,
            @Nullable Circuit circuit,
            @Nullable Integer applicationRate) {}

    /** To the wire. */
    static final class Pack extends StdConverter<Claimed, ClaimOnWire> {
        @Override
        public ClaimOnWire convert(Claimed claimed) {
            List<Endpoint> endpoints = new ArrayList<>();
            Map<EndpointId, Integer> places = new HashMap<>();
            List<Held> deliveries = new ArrayList<>(claimed.deliveries().size());
            for (ClaimedDelivery one : claimed.deliveries()) {
                Integer place = places.get(one.endpoint().id());
                if (place == null || !endpoints.get(place).equals(one.endpoint())) {
                    place = endpoints.size();
                    endpoints.add(one.endpoint());
                    places.put(one.endpoint().id(), place);
                }
                deliveries.add(new Held(
                        place,
                        one.fence(),
                        one.leaseUntil(),
                        one.attempt(),
                        one.trigger(),
                        one.message(),
                        one.circuit(),
                        one.applicationRate()));
            }
            return new ClaimOnWire(endpoints, deliveries);
        }
    }

    /** From the wire. */
    static final class Unpack extends StdConverter<ClaimOnWire, Claimed> {
        @Override
        public Claimed convert(ClaimOnWire wire) {
            List<ClaimedDelivery> deliveries = new ArrayList<>(wire.deliveries().size());
            for (Held one : wire.deliveries()) {
                Endpoint endpoint = wire.endpoints().get(one.endpoint());
                Message message = one.message();
                deliveries.add(new ClaimedDelivery(
                        new DeliveryKey(message.application(), endpoint.id(), message.id()),
                        one.fence(),
                        one.leaseUntil(),
                        one.attempt(),
                        one.trigger(),
                        message,
                        endpoint,
                        one.circuit(),
                        one.applicationRate()));
            }
            return new Claimed(deliveries);
        }
    }
}
