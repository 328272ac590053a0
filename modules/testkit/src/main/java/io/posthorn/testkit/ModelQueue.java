package io.posthorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.MessageId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The queue of one endpoint as {@link QueueModel} sees it: a plain list that is searched from end to end. */
final class ModelQueue {
    private static final Comparator<ModelDelivery> ORDER = Comparator.comparing(ModelDelivery::isRetry)
            .thenComparing(ModelDelivery::dueAt)
            .thenComparing(delivery -> delivery.key().message());

    private final Map<MessageId, ModelDelivery> deliveries = new TreeMap<>();
    private boolean disabled;
    private int limit;
    private Instant parkedUntil = Instant.EPOCH;
    private int firstBatch = Integer.MAX_VALUE;

    ModelQueue(int limit) {
        this.limit = limit;
    }

    Map<MessageId, ModelDelivery> deliveries() {
        return deliveries;
    }

    void add(ModelDelivery delivery) {
        deliveries.put(delivery.key().message(), delivery);
    }

    /** Other settings: they end a wait for permits, and all parks of the model are such. */
    void saved(boolean nowDisabled, Instant now) {
        this.disabled = nowDisabled;
        if (parkedUntil.isAfter(now)) {
            resume();
        }
    }

    boolean isDisabled() {
        return disabled;
    }

    void limit(int inFlight) {
        this.limit = inFlight;
    }

    void park(Instant until, int batch) {
        if (until.isAfter(parkedUntil)) {
            parkedUntil = until;
            firstBatch = batch;
        }
    }

    void resume() {
        parkedUntil = Instant.EPOCH;
        firstBatch = Integer.MAX_VALUE;
    }

    /** A crash may forget how small the first claim should be. */
    void forgetBatch() {
        firstBatch = Integer.MAX_VALUE;
    }

    boolean isEligible(Instant now) {
        return isOpen()
                && !parkedUntil.isAfter(now)
                && waitingDue(now).findAny().isPresent();
    }

    /** The first moment at which time alone makes it eligible. */
    Optional<Instant> eligibleAt() {
        if (!isOpen()) {
            return Optional.empty();
        }
        return waiting()
                .map(ModelDelivery::dueAt)
                .min(Comparator.naturalOrder())
                .map(due -> due.isAfter(parkedUntil) ? due : parkedUntil);
    }

    /** Checks that this delivery could be handed out next, and hands it out. */
    void handOut(ClaimedDelivery claim, Instant now) {
        ModelDelivery delivery = deliveries.get(claim.key().message());
        if (delivery == null) {
            throw new AssertionError("claimed a delivery that is not known: " + claim.key());
        }
        assertThat(isOpen()).as("eligible when claimed: %s", delivery).isTrue();
        assertThat(parkedUntil).as("parked until").isBeforeOrEqualTo(now);
        assertThat(delivery.isWaiting()).as("waiting: %s", delivery).isTrue();
        assertThat(hasRoomFor(delivery)).as("room for a retry: %s", delivery).isTrue();
        assertThat(delivery.dueAt()).as("due time of %s", delivery).isBeforeOrEqualTo(now);
        assertThat(claim.attempt()).as("attempt number of %s", delivery).isEqualTo(delivery.attempts() + 1);
        assertThat(claim.fence()).as("fence of %s", delivery).isGreaterThan(delivery.highestFence());
        if (!delivery.isLoose()) {
            Optional<ModelDelivery> head =
                    waitingDue(now).filter(one -> !one.isLoose()).min(ORDER);
            assertThat(delivery)
                    .as("first in its queue at %s, claimed as %s", now, claim.key())
                    .isSameAs(head.orElseThrow());
        }
        delivery.claimed(claim);
    }

    /** Checks the size of a claim's share of this queue. */
    void shareTaken(int share) {
        assertThat(share).as("first batch after parking").isLessThanOrEqualTo(firstBatch);
        firstBatch = Integer.MAX_VALUE;
    }

    Books books() {
        return new Books(
                deliveries.size(),
                count(DeliveryState.SUCCEEDED),
                count(DeliveryState.FAILED),
                count(DeliveryState.CANCELLED),
                count(DeliveryState.WAITING),
                count(DeliveryState.IN_FLIGHT));
    }

    private boolean isOpen() {
        return !disabled && count(DeliveryState.IN_FLIGHT) < limit;
    }

    private Stream<ModelDelivery> waiting() {
        return deliveries.values().stream().filter(ModelDelivery::isWaiting).filter(this::hasRoomFor);
    }

    /** Retries are handed out only while less than half of what may be in flight is. */
    private boolean hasRoomFor(ModelDelivery delivery) {
        return !delivery.isRetry() || count(DeliveryState.IN_FLIGHT) < limit - limit / 2;
    }

    private Stream<ModelDelivery> waitingDue(Instant now) {
        return waiting().filter(one -> !one.dueAt().isAfter(now));
    }

    private long count(DeliveryState state) {
        return deliveries.values().stream().filter(one -> one.state() == state).count();
    }
}
