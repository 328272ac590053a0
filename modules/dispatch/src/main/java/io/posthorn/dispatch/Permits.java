package io.posthorn.dispatch;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.Throttle;
import io.posthorn.contract.WaitCause;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the rate limiter once for a whole batch, an item an endpoint. What it does not permit is put back; the endpoint's
 * queue was parked by the store then, so that a limited endpoint is never polled. While nobody answers, limited endpoints
 * wait a second at a time: a limit is kept rather than a pace. Verticle context.
 */
final class Permits {
    private static final Logger LOG = LoggerFactory.getLogger(Permits.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE_WITHOUT_LIMITER = Duration.ofSeconds(1);

    /** The longest that a delivery itself waits, since another limit that ends the wait of its queue is to act soon. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Bus bus;
    private final Parking parking;
    private final InstantSource clock;
    private final boolean everyEndpointIsLimited;

    /** What may be sent, and what waits until when. */
    record Split(List<ClaimedDelivery> permitted, List<Denied> denied) {}

    /** A delivery without a permit. */
    record Denied(ClaimedDelivery delivery, Instant until) {}

    Permits(Bus bus, Parking parking, InstantSource clock, boolean everyEndpointIsLimited) {
        this.bus = bus;
        this.parking = parking;
        this.clock = clock;
        this.everyEndpointIsLimited = everyEndpointIsLimited;
    }

    /** Whether it needs a permit. */
    boolean limits(ClaimedDelivery delivery) {
        return everyEndpointIsLimited
                || delivery.applicationRate() != null
                || delivery.endpoint().limit() != null;
    }

    /** Splits deliveries that need permits. Never fails. */
    Future<Split> ask(List<ClaimedDelivery> deliveries) {
        Map<EndpointId, List<ClaimedDelivery>> byEndpoint = new LinkedHashMap<>();
        for (ClaimedDelivery delivery : deliveries) {
            byEndpoint
                    .computeIfAbsent(delivery.endpoint().id(), absent -> new ArrayList<>())
                    .add(delivery);
        }
        List<List<ClaimedDelivery>> groups = List.copyOf(byEndpoint.values());
        List<PermitRequest> items = groups.stream()
                .map(group -> request(group.get(0), group.size()))
                .toList();
        return bus.request(Addresses.PERMITS, new Batches.PermitRequests(items), Deadline.after(PATIENCE))
                .map(answer -> split(groups, answer.items()))
                .recover(cause -> {
                    LOG.warn("the rate limiter does not answer, limited endpoints wait", cause);
                    Instant until = clock.instant().plus(PAUSE_WITHOUT_LIMITER);
                    groups.forEach(group ->
                            parking.park(group.get(0).endpoint(), until, WaitCause.RATE_LIMITED, group.size()));
                    return Future.succeededFuture(split(
                            groups,
                            groups.stream()
                                    .map(group -> new PermitGrant(0, until, group.size()))
                                    .toList()));
                });
    }

    private static PermitRequest request(ClaimedDelivery one, int wanted) {
        Endpoint endpoint = one.endpoint();
        return new PermitRequest(
                endpoint.application(),
                endpoint.id(),
                endpoint.version(),
                endpoint.limit(),
                Throttle.perSecond(one.applicationRate()),
                wanted);
    }

    private Split split(List<List<ClaimedDelivery>> groups, List<PermitGrant> grants) {
        Instant now = clock.instant();
        Instant latest = now.plus(LONGEST_PAUSE);
        List<ClaimedDelivery> permitted = new ArrayList<>();
        List<Denied> denied = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            List<ClaimedDelivery> group = groups.get(i);
            PermitGrant grant = grants.get(i);
            int granted = Math.min(grant.granted(), group.size());
            Instant nextAt = grant.nextAt() == null ? now : grant.nextAt();
            permitted.addAll(group.subList(0, granted));
            for (ClaimedDelivery delivery : group.subList(granted, group.size())) {
                denied.add(new Denied(delivery, nextAt.isBefore(latest) ? nextAt : latest));
            }
        }
        return new Split(permitted, denied);
    }
}
