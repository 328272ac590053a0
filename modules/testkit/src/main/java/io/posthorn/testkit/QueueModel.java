package io.posthorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.storage.api.ClaimAnswer;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All queues in the plainest form that says what may be claimed; checks what an engine did against it. */
final class QueueModel {
    private final Map<EndpointId, ModelQueue> queues = new LinkedHashMap<>();

    void add(Endpoint endpoint, int limit) {
        queues.put(endpoint.id(), new ModelQueue(limit));
    }

    ModelQueue queue(EndpointId endpoint) {
        ModelQueue queue = queues.get(endpoint);
        if (queue == null) {
            throw new AssertionError("no such endpoint: " + endpoint);
        }
        return queue;
    }

    ModelDelivery delivery(DeliveryKey key) {
        ModelDelivery delivery = queue(key.endpoint()).deliveries().get(key.message());
        if (delivery == null) {
            throw new AssertionError("no such delivery: " + key);
        }
        return delivery;
    }

    void appended(Message message, EndpointId endpoint, Instant now) {
        ModelQueue queue = queue(endpoint);
        if (!queue.isDisabled()) {
            queue.add(new ModelDelivery(new DeliveryKey(message.application(), endpoint, message.id()), now));
        }
    }

    void claimed(ClaimAnswer answer, Instant now) {
        Map<EndpointId, Integer> shares = new HashMap<>();
        for (ClaimedDelivery claim : answer.deliveries()) {
            queue(claim.key().endpoint()).handOut(claim, now);
            shares.merge(claim.key().endpoint(), 1, Integer::sum);
        }
        shares.forEach((endpoint, share) -> queue(endpoint).shareTaken(share));
        if (answer.deliveries().isEmpty()) {
            checkNothingWasClaimable(answer, now);
        }
    }

    void expire(Instant now) {
        queues.values().forEach(queue -> queue.deliveries().values().forEach(one -> one.expire(now)));
    }

    void remember() {
        queues.values().forEach(queue -> queue.deliveries().values().forEach(ModelDelivery::remember));
    }

    private void checkNothingWasClaimable(ClaimAnswer answer, Instant now) {
        queues.forEach((endpoint, queue) -> assertThat(queue.isEligible(now))
                .as(
                        "the engine found nothing, but %s has %s",
                        endpoint, queue.deliveries().values())
                .isFalse());
        Optional<Instant> next = queues.values().stream()
                .map(ModelQueue::eligibleAt)
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
        if (next.isPresent()) {
            assertThat(answer.nextAt()).as("when to claim again").isNotNull().isBeforeOrEqualTo(next.get());
        }
        if (answer.nextAt() != null) {
            assertThat(answer.nextAt()).as("when to claim again").isAfter(now);
        }
    }

    List<ModelDelivery> all() {
        return queues.values().stream()
                .flatMap(queue -> queue.deliveries().values().stream())
                .toList();
    }
}
