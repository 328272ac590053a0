package io.posthorn.storage;

import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Trigger;
import io.posthorn.testkit.Fixtures;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Claims and results as dispatchers cause them, for what only counts them. */
final class DispatchTraffic {
    static final Duration LEASE = Duration.ofSeconds(60);

    private final InstantSource clock = InstantSource.system();
    private final Fixtures fixtures = new Fixtures(clock);
    private final Application application = fixtures.application();
    private final Endpoint endpoint = fixtures.endpoint(application.id()).build();
    private final Message message = new Message(
            MessageId.at(clock.millis()),
            application.id(),
            "invoice.paid",
            null,
            Set.of(),
            clock.instant(),
            clock.instant(),
            null);
    private long fence;

    static ClaimRequest request(int max) {
        return new ClaimRequest(Fixtures.NODE, max, LEASE, Duration.ZERO);
    }

    /** What one claim found. */
    List<ClaimedDelivery> found(int count) {
        fence++;
        return IntStream.range(0, count)
                .mapToObj(i -> new ClaimedDelivery(
                        new DeliveryKey(application.id(), endpoint.id(), MessageId.at(clock.millis())),
                        fence,
                        clock.instant(),
                        1,
                        Trigger.SCHEDULED,
                        message,
                        endpoint))
                .toList();
    }

    static List<Settlement> results(List<ClaimedDelivery> claimed) {
        return claimed.stream()
                .map(one -> new Settlement(one.key(), one.fence(), new Settlement.Verdict.Succeeded(), null))
                .toList();
    }
}
