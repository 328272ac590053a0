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
 * Asks the rate limiter once for a whole batch, an item an endpoint. What it does not permit waits, and so does the
 * endpoint's queue, so that a limited endpoint is never polled. While nobody answers, limited endpoints wait a second at
 * a time: a limit is kept rather than a pace. Verticle context.
 */
final class Permits {
    private static final Logger LOG = LoggerFactory.getLogger(Permits.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE_WITHOUT_LIMITER = Duration.ofSeconds(1);

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

    /** Whether deliveries to it need a permit. */
    boolean limits(Endpoint endpoint) {
        return everyEndpointIsLimited || endpoint.throttleRate() != null;
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
                .map(group -> new PermitRequest(
                        group.get(0).endpoint().id(), group.get(0).endpoint().throttleRate(), group.size()))
                .toList();
        return bus.request(Addresses.PERMITS, new Batches.PermitRequests(items), Deadline.after(PATIENCE))
                .map(answer -> split(groups, answer.items()))
                .recover(cause -> {
                    LOG.warn("the rate limiter does not answer, limited endpoints wait", cause);
                    Instant until = clock.instant().plus(PAUSE_WITHOUT_LIMITER);
                    return Future.succeededFuture(split(
                            groups,
                            groups.stream()
                                    .map(group -> new PermitGrant(0, until, group.size()))
                                    .toList()));
                });
    }

    private Split split(List<List<ClaimedDelivery>> groups, List<PermitGrant> grants) {
        Instant now = clock.instant();
        List<ClaimedDelivery> permitted = new ArrayList<>();
        List<Denied> denied = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            List<ClaimedDelivery> group = groups.get(i);
            PermitGrant grant = grants.get(i);
            int granted = Math.min(grant.granted(), group.size());
            Instant nextAt = grant.nextAt() == null ? now : grant.nextAt();
            permitted.addAll(group.subList(0, granted));
            for (ClaimedDelivery delivery : group.subList(granted, group.size())) {
                denied.add(new Denied(delivery, nextAt));
            }
            if (nextAt.isAfter(now)) {
                parking.park(group.get(0).endpoint(), nextAt, WaitCause.RATE_LIMITED, grant.nextBatch());
            }
        }
        return new Split(permitted, denied);
    }
}
