package io.posthorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is handed out, in which order, and who must never wait for whom. */
public abstract class ClaimContract extends EngineSuite {
    private static final int FLOOD = 10_000;
    private static final int NO_LIMIT = 1_000_000;
    private static final int LARGE = 256 << 10;
    private static final int LARGE_ONES = 20;

    /** A mebibyte, and what an engine must hand out since it comes first. */
    private static final long MOST_BYTES = 2 << 20;

    @Test
    void findsNothingInAnEmptyStore() {
        assertThat(store.ask(10).deliveries()).isEmpty();
        assertThat(store.ask(10).nextAt()).isNull();
    }

    @Test
    void neverHandsOutMoreThanAskedNorTheSameTwice() {
        // Given
        Application app = store.application();
        store.limit(store.endpoint(app), NO_LIMIT);
        store.limit(store.endpoint(app), NO_LIMIT);
        store.accept(app, 50);

        // When
        List<ClaimedDelivery> all = new ArrayList<>(store.claim(7));
        all.addAll(store.claimAll());

        // Then
        assertThat(all).hasSize(100).extracting(ClaimedDelivery::key).doesNotHaveDuplicates();
        assertThat(store.books().inFlight()).isEqualTo(100);
    }

    @Test
    void ordersByDueTimeThenById() {
        // Given
        Application app = store.application();
        store.limit(store.endpoint(app), NO_LIMIT);
        List<MessageId> ids = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            ids.add(MessageId.at(clock.millis() + 4L * i));
        }
        List<MessageId> early = ids.subList(6, 12);
        List<MessageId> late = ids.subList(0, 6);

        // When: higher ids are accepted before lower ones, and within a batch in any order
        acceptShuffled(app, early);
        clock.advance(Duration.ofMillis(5));
        acceptShuffled(app, late);

        // Then
        List<MessageId> expected = new ArrayList<>(early);
        expected.addAll(late);
        assertThat(messagesOf(store.claimAll())).isEqualTo(expected);
    }

    @Test
    void orderHoldsOverManyMoreThanAnyWindow() {
        // Given
        Application app = store.application();
        store.limit(store.endpoint(app), NO_LIMIT);
        List<MessageId> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            store.accept(app, 50).stream().map(Message::id).sorted().forEach(expected::add);
            clock.advance(Duration.ofMillis(1));
        }

        // When
        List<ClaimedDelivery> all = store.claimAll();

        // Then
        assertThat(messagesOf(all)).isEqualTo(expected);
    }

    @Test
    void firstAttemptsGoBeforeRetries() {
        // Given
        Application app = store.application();
        store.limit(store.endpoint(app), NO_LIMIT);
        List<MessageId> old =
                store.accept(app, 3).stream().map(Message::id).sorted().toList();
        for (ClaimedDelivery claimed : store.claimAll()) {
            store.retry(claimed, Duration.ofSeconds(5));
        }
        store.pass(Duration.ofSeconds(6));

        // When
        List<MessageId> fresh =
                store.accept(app, 3).stream().map(Message::id).sorted().toList();
        List<ClaimedDelivery> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(store.claimOne());
        }

        // Then
        List<MessageId> expected = new ArrayList<>(fresh);
        expected.addAll(old);
        assertThat(messagesOf(all)).isEqualTo(expected);
        assertThat(all).extracting(ClaimedDelivery::attempt).containsExactly(1, 1, 1, 2, 2, 2);
    }

    @Test
    void retryOfOneIsNotDueEarlyAndNotForgotten() {
        // Given
        Application app = store.application();
        store.endpoint(app);
        store.accept(app);
        store.retry(store.claimOne(), MINUTE);

        // When
        store.pass(MINUTE.minusMillis(1));
        List<ClaimedDelivery> early = store.claim(1);
        store.pass(Duration.ofMillis(1));
        List<ClaimedDelivery> inTime = store.claim(1);

        // Then
        assertThat(early).isEmpty();
        assertThat(inTime).hasSize(1);
    }

    @Test
    void floodedEndpointDelaysNoOther() {
        // Given
        Application app = store.application();
        Endpoint flooded =
                store.save(given.endpoint(app.id()).eventTypes("flood").build());
        Endpoint calm = store.save(given.endpoint(app.id()).eventTypes("rare").build());
        flood(app, flooded);

        // When
        store.accept(given.message(app.id()).eventType("rare").build());

        // Then
        assertThat(claimedUntil(calm)).isLessThanOrEqualTo(512);
    }

    @Test
    void floodedApplicationDelaysNoOther() {
        // Given
        Application busy = store.application();
        for (int i = 0; i < 40; i++) {
            Endpoint one =
                    store.save(given.endpoint(busy.id()).eventTypes("flood").build());
            store.limit(one, NO_LIMIT);
        }
        for (int i = 0; i < 10; i++) {
            acceptFlood(busy, 100);
        }
        Application other = store.application();
        Endpoint calm = store.endpoint(other);

        // When
        store.accept(other);

        // Then: the other application's turn comes after one turn of the busy one, not after one of each endpoint
        assertThat(claimedUntil(calm)).isLessThanOrEqualTo(512);
    }

    @Test
    void smallClaimsAreFairToo() {
        // Given
        Application app = store.application();
        Endpoint flooded =
                store.save(given.endpoint(app.id()).eventTypes("flood").build());
        store.limit(flooded, NO_LIMIT);
        acceptFlood(app, 1000);
        Set<EndpointId> calm = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            calm.add(store.save(given.endpoint(app.id()).eventTypes("rare").build())
                    .id());
        }
        store.accept(given.message(app.id()).eventType("rare").build());

        // When
        for (int i = 0; i < 600 && !calm.isEmpty(); i++) {
            calm.remove(store.claimOne().key().endpoint());
        }

        // Then
        assertThat(calm).as("endpoints that got no turn in 600 claims").isEmpty();
    }

    @Test
    void limitBoundsWhatIsInFlight() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.limit(endpoint, 3);
        store.accept(app, 10);

        // When
        List<ClaimedDelivery> first = store.claimAll();
        store.succeed(first.get(0));
        List<ClaimedDelivery> second = store.claimAll();
        store.limit(endpoint, 5);
        List<ClaimedDelivery> third = store.claimAll();
        store.limit(endpoint, 1);
        store.succeed(second.get(0));
        List<ClaimedDelivery> fourth = store.claimAll();

        // Then
        assertThat(first).hasSize(3);
        assertThat(second).hasSize(1);
        assertThat(third).hasSize(2);
        assertThat(fourth).isEmpty();
        assertThat(store.queue(endpoint).inFlightLimit()).isEqualTo(1);
    }

    @Test
    void disabledEndpointHoldsItsQueueAndGoesOn() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Message message = store.accept(app);

        // When
        Endpoint disabled = store.save(endpoint.withDisabled(true, clock.instant()));
        List<ClaimedDelivery> held = store.claim(10);
        store.pass(MINUTE);
        held = held.isEmpty() ? store.claim(10) : held;
        store.save(disabled.withDisabled(false, clock.instant()));
        List<ClaimedDelivery> resumed = store.claim(10);

        // Then
        assertThat(held).isEmpty();
        assertThat(messagesOf(resumed)).containsExactly(message.id());
    }

    @Test
    void claimCarriesTheEndpointAsItStandsNow() {
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app);
        Endpoint failing = store.save(endpoint.withFailingSince(clock.instant()));

        assertThat(store.claimOne().endpoint()).isEqualTo(failing);
    }

    @Test
    void claimIsBoundedInBytesToo() {
        // Given: far more than a claim holds, in many messages for one endpoint and in one for many
        Application many = store.application();
        store.limit(store.endpoint(many), NO_LIMIT);
        Application fan = store.application();
        for (int i = 0; i < LARGE_ONES; i++) {
            store.limit(store.endpoint(fan), NO_LIMIT);
        }
        for (int i = 0; i < LARGE_ONES; i++) {
            store.accept(large(many));
        }
        store.accept(large(fan));

        // When
        List<ClaimedDelivery> all = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        while (all.size() < 2 * LARGE_ONES) {
            List<ClaimedDelivery> some = store.claim(256);
            assertThat(some).as("claimed after %s", all.size()).isNotEmpty();
            sizes.add(some.stream()
                    .mapToLong(one ->
                            Objects.requireNonNull(one.message().payload()).length())
                    .sum());
            all.addAll(some);
        }

        // Then
        assertThat(sizes).allMatch(bytes -> bytes <= MOST_BYTES);
        assertThat(all).extracting(ClaimedDelivery::key).doesNotHaveDuplicates();
        assertThat(store.claim(256)).isEmpty();
    }

    private NewMessage large(Application app) {
        return given.message(app.id())
                .payload(Buffer.buffer("\"" + "x".repeat(LARGE) + "\""))
                .build();
    }

    private void flood(Application app, Endpoint endpoint) {
        store.limit(endpoint, NO_LIMIT);
        for (int i = 0; i < FLOOD / 500; i++) {
            acceptFlood(app, 500);
        }
    }

    private void acceptFlood(Application app, int count) {
        List<NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(given.message(app.id()).eventType("flood").build());
        }
        store.accept(messages);
    }

    /** How many deliveries are handed out until one for that endpoint is. */
    private int claimedUntil(Endpoint wanted) {
        int count = 0;
        while (true) {
            List<ClaimedDelivery> some = store.claim(64);
            assertThat(some).as("claimed after " + count).isNotEmpty();
            for (ClaimedDelivery claimed : some) {
                count++;
                if (claimed.key().endpoint().equals(wanted.id())) {
                    return count;
                }
            }
        }
    }

    private void acceptShuffled(Application app, List<MessageId> ids) {
        List<MessageId> shuffled = new ArrayList<>(ids);
        Collections.reverse(shuffled);
        Collections.swap(shuffled, 1, 3);
        store.accept(shuffled.stream()
                .map(id -> given.message(app.id()).id(id).build())
                .toList());
    }

    private static List<MessageId> messagesOf(List<ClaimedDelivery> claimed) {
        return claimed.stream().map(one -> one.key().message()).toList();
    }
}
