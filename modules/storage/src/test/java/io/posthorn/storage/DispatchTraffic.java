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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Claims and results as dispatchers cause them, for what only counts them. */
final class DispatchTraffic {
    static final Duration LEASE = Duration.ofSeconds(60);

    private final InstantSource clock;
    private final Application application;
    private final Endpoint endpoint;
    private long fence;

    DispatchTraffic(InstantSource clock) {
        this.clock = clock;
        Fixtures fixtures = new Fixtures(clock);
        this.application = fixtures.application();
        this.endpoint = fixtures.endpoint(application.id()).build();
    }

    static ClaimRequest request(int max) {
        return new ClaimRequest(Fixtures.NODE, max, LEASE, Duration.ZERO);
    }

    /** What one claim found: first attempts for messages that came in a second ago. */
    List<ClaimedDelivery> found(int count) {
        return found(count, 1_000, 1);
    }

    /** What one claim found: attempts of that number for messages that came in so long ago. */
    List<ClaimedDelivery> found(int count, long ageMillis, int attempt) {
        fence++;
        Instant createdAt = clock.instant().minusMillis(ageMillis);
        Message message = new Message(
                MessageId.at(createdAt.toEpochMilli()),
                application.id(),
                "invoice.paid",
                null,
                Set.of(),
                createdAt,
                createdAt,
                null);
        return IntStream.range(0, count)
                .mapToObj(i -> new ClaimedDelivery(
                        new DeliveryKey(application.id(), endpoint.id(), MessageId.at(clock.millis())),
                        fence,
                        clock.instant(),
                        attempt,
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
