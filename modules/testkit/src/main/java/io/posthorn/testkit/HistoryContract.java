package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Requests;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.StorageQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How messages, deliveries and attempts are read: newest first, filtered, in pages. */
public abstract class HistoryContract extends EngineSuite {
    private static final PageRequest NEWEST = new PageRequest(100, null, false, false);

    private Application app;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
    }

    @Test
    void messageIsFoundByIdAndEventId() {
        // Given
        Message message = store.accept(given.message(app.id()).eventId("evt-1").build());
        Application other = store.application();

        // Then
        assertThat(message(app, message.id().value(), true).payload()).isNotNull();
        assertThat(message(app, "evt-1", false)).isEqualTo(message.withoutPayload());
        assertThat(codeOf(store.engine()
                        .message(new StorageQuery.OneMessage(
                                other.id(), message.id().value(), true))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(store.engine()
                        .message(new StorageQuery.OneMessage(
                                app.id(), MessageId.at(clock.millis()).value(), true))))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void messagesAreListedNewestFirstInPagesBothWays() {
        // Given
        List<MessageId> newestFirst = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            newestFirst.add(0, store.accept(app).id());
            clock.advance(Duration.ofSeconds(1));
        }
        store.accept(store.application());

        // Then
        assertThat(messages(3, null, false)).isEqualTo(new Listed(newestFirst.subList(0, 3), false));
        assertThat(messages(3, newestFirst.get(2), false)).isEqualTo(new Listed(newestFirst.subList(3, 6), false));
        assertThat(messages(3, newestFirst.get(5), false)).isEqualTo(new Listed(newestFirst.subList(6, 7), true));
        assertThat(messages(3, newestFirst.get(5), true)).isEqualTo(new Listed(newestFirst.subList(2, 5), false));
        assertThat(messages(3, newestFirst.get(2), true)).isEqualTo(new Listed(newestFirst.subList(0, 2), true));
    }

    @Test
    void messagesAreFilteredByTypeChannelAndTime() {
        // Given
        Instant start = clock.instant();
        Message first = store.accept(
                given.message(app.id()).eventType("a").channels("eu").build());
        clock.advance(Duration.ofSeconds(10));
        Message second = store.accept(
                given.message(app.id()).eventType("b").channels("eu", "us").build());
        clock.advance(Duration.ofSeconds(10));
        Message third = store.accept(given.message(app.id()).eventType("c").build());

        // Then
        assertThat(messages(Set.of("a", "c"), null, null, null)).containsExactly(third.id(), first.id());
        assertThat(messages(null, "eu", null, null)).containsExactly(second.id(), first.id());
        assertThat(messages(null, "us", null, null)).containsExactly(second.id());
        assertThat(messages(null, null, start.plusSeconds(5), null)).containsExactly(third.id(), second.id());
        assertThat(messages(null, null, start.plusSeconds(10), start.plusSeconds(20)))
                .containsExactly(second.id());
        assertThat(messages(Set.of("none"), null, null, null)).isEmpty();
    }

    @Test
    void filteredPagesLeaveNothingOut() {
        // Given
        List<MessageId> wanted = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String type = i % 20 == 0 ? "rare" : "common";
            Message message =
                    store.accept(given.message(app.id()).eventType(type).build());
            if (i % 20 == 0) {
                wanted.add(0, message.id());
            }
            clock.advance(Duration.ofSeconds(1));
        }

        // When
        List<MessageId> found = new ArrayList<>();
        @Nullable String from = null;
        boolean done = false;
        for (int i = 0; i < 100 && !done; i++) {
            StorageQuery.MessagePage page = resultOf(store.engine()
                    .messages(new StorageQuery.Messages(
                            app.id(),
                            Set.of("rare"),
                            null,
                            null,
                            null,
                            false,
                            new PageRequest(2, from, false, false))));
            page.items().forEach(item -> found.add(item.id()));
            done = page.done();
            from = found.isEmpty() ? null : found.get(found.size() - 1).value();
        }

        // Then
        assertThat(found).isEqualTo(wanted);
    }

    @Test
    void deliveriesOfAMessageAreListedByEndpoint() {
        // Given
        clock.advance(Duration.ofSeconds(1));
        Endpoint second = store.endpoint(app);
        clock.advance(Duration.ofSeconds(1));
        Endpoint third = store.endpoint(app);
        Message message = store.accept(app);

        // When
        StorageQuery.DeliveryPage firstPage = deliveries(message, new PageRequest(2, null, false, true));
        StorageQuery.DeliveryPage lastPage =
                deliveries(message, new PageRequest(2, second.id().value(), false, true));

        // Then
        assertThat(firstPage.items())
                .extracting(item -> item.key().endpoint())
                .containsExactly(endpoint.id(), second.id());
        assertThat(firstPage.done()).isFalse();
        assertThat(lastPage.items()).extracting(item -> item.key().endpoint()).containsExactly(third.id());
        assertThat(lastPage.done()).isTrue();
    }

    @Test
    void deliveriesOfAnEndpointAreThoseThatWereTried() {
        // Given
        List<MessageId> tried = new ArrayList<>();
        List<Settlement.Verdict> verdicts =
                List.of(succeeded(), retryAfter(Duration.ofDays(1)), new Settlement.Verdict.Exhausted(), succeeded());
        for (Settlement.Verdict verdict : verdicts) {
            tried.add(0, store.accept(app).id());
            store.settle(store.claimOne(), verdict);
            clock.advance(Duration.ofSeconds(1));
        }
        store.accept(app);

        // Then
        assertThat(deliveries((DeliveryState) null, NEWEST)).isEqualTo(tried);
        assertThat(deliveries(DeliveryState.SUCCEEDED, NEWEST)).containsExactly(tried.get(0), tried.get(3));
        assertThat(deliveries(DeliveryState.WAITING, NEWEST)).containsExactly(tried.get(2));
        assertThat(deliveries(DeliveryState.FAILED, NEWEST)).containsExactly(tried.get(1));
        assertThat(deliveries((DeliveryState) null, new PageRequest(2, null, false, false)))
                .isEqualTo(tried.subList(0, 2));
        assertThat(deliveries(
                        (DeliveryState) null, new PageRequest(2, tried.get(1).value(), false, false)))
                .isEqualTo(tried.subList(2, 4));
    }

    @Test
    void attemptsAreFoundByMessageAndByEndpoint() {
        // Given
        Endpoint second = store.endpoint(app);
        Message one = store.accept(app);
        List<Attempt> all = settleAll(503);
        Message two = store.accept(app);
        all.addAll(settleAll(200));

        // Then
        assertThat(attempts(one, null, null, null)).isEqualTo(newestFirst(all, one, null));
        assertThat(attempts(two, null, null, null)).isEqualTo(newestFirst(all, two, null));
        assertThat(attempts(null, endpoint, null, null)).isEqualTo(newestFirst(all, null, endpoint));
        assertThat(attempts(one, second, null, null))
                .isEqualTo(newestFirst(all, one, second))
                .hasSize(1);
        assertThat(attempts(null, second, true, null)).isEqualTo(newestFirst(all, two, second));
        assertThat(attempts(null, second, false, null)).isEqualTo(newestFirst(all, one, second));
        assertThat(attempts(null, second, null, 500)).isEqualTo(newestFirst(all, one, second));
        assertThat(attempts(null, second, null, 200)).isEqualTo(newestFirst(all, two, second));
        assertThat(attempts(null, second, null, 0)).isEmpty();
    }

    @Test
    void attemptsComeInPagesAndByTime() {
        // Given
        Message message = store.accept(app);
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(1));
            store.retry(store.claimOne(), Duration.ofSeconds(1));
        }
        List<Attempt> all = attempts(message, null, null, null);

        // Then
        assertThat(all).extracting(Attempt::number).containsExactly(5, 4, 3, 2, 1);
        assertThat(attemptPage(null, null, new PageRequest(2, null, false, false)))
                .isEqualTo(new StorageQuery.AttemptPage(all.subList(0, 2), false));
        assertThat(attemptPage(null, null, new PageRequest(2, all.get(1).id().value(), false, false)))
                .isEqualTo(new StorageQuery.AttemptPage(all.subList(2, 4), false));
        assertThat(attemptPage(null, null, new PageRequest(2, all.get(3).id().value(), false, false)))
                .isEqualTo(new StorageQuery.AttemptPage(all.subList(4, 5), true));
        assertThat(attemptPage(null, null, new PageRequest(2, all.get(3).id().value(), true, false))
                        .items())
                .isEqualTo(all.subList(1, 3));
        assertThat(attemptPage(all.get(3).startedAt(), all.get(1).startedAt(), NEWEST)
                        .items())
                .isEqualTo(all.subList(2, 4));
    }

    @Test
    void oneAttemptIsFoundAndExpunged() {
        // Given
        Message message = store.accept(app);
        ClaimedDelivery claimed = store.claimOne();
        Attempt attempt = given.attempt(claimed, 200);
        store.settle(new Settlement(claimed.key(), claimed.fence(), succeeded(), attempt));

        // When
        Attempt before = attempt(message, attempt.id());
        resultOf(store.engine().expunge(new Requests.ExpungeAttempt(app.id(), message.id(), attempt.id())));
        Attempt after = attempt(message, attempt.id());

        // Then
        assertThat(before).isEqualTo(attempt);
        assertThat(after.response()).isEqualTo("EXPUNGED");
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(attempts(null, endpoint, null, null)).containsExactly(after);
        assertThat(codeOf(store.engine()
                        .expunge(new Requests.ExpungeAttempt(app.id(), message.id(), AttemptId.at(clock.millis())))))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    private record Listed(List<MessageId> ids, boolean done) {}

    private List<Attempt> settleAll(int status) {
        clock.advance(Duration.ofSeconds(1));
        List<Attempt> made = new ArrayList<>();
        for (ClaimedDelivery claimed : store.claimAll()) {
            Attempt attempt = given.attempt(claimed, status);
            Settlement.Verdict verdict = status == 200 ? succeeded() : new Settlement.Verdict.Exhausted();
            store.settle(new Settlement(claimed.key(), claimed.fence(), verdict, attempt));
            made.add(attempt);
        }
        return made;
    }

    private static List<Attempt> newestFirst(
            List<Attempt> all, @Nullable Message message, @Nullable Endpoint endpoint) {
        return all.stream()
                .filter(one -> message == null || one.delivery().message().equals(message.id()))
                .filter(one -> endpoint == null || one.delivery().endpoint().equals(endpoint.id()))
                .sorted(Comparator.comparing(Attempt::id).reversed())
                .toList();
    }

    private Message message(Application owner, String reference, boolean withPayload) {
        return resultOf(store.engine().message(new StorageQuery.OneMessage(owner.id(), reference, withPayload)));
    }

    private Listed messages(int limit, @Nullable MessageId from, boolean backwards) {
        StorageQuery.MessagePage page = resultOf(store.engine()
                .messages(new StorageQuery.Messages(
                        app.id(),
                        null,
                        null,
                        null,
                        null,
                        false,
                        new PageRequest(limit, from == null ? null : from.value(), backwards, false))));
        return new Listed(page.items().stream().map(Message::id).toList(), page.done());
    }

    private List<MessageId> messages(
            @Nullable Set<String> types, @Nullable String channel, @Nullable Instant after, @Nullable Instant before) {
        return resultOf(store.engine()
                        .messages(new StorageQuery.Messages(app.id(), types, channel, after, before, true, NEWEST)))
                .items()
                .stream()
                .map(Message::id)
                .toList();
    }

    private StorageQuery.DeliveryPage deliveries(Message message, PageRequest page) {
        return resultOf(store.engine().deliveries(new StorageQuery.DeliveriesOfMessage(app.id(), message.id(), page)));
    }

    private List<MessageId> deliveries(@Nullable DeliveryState state, PageRequest page) {
        List<Delivery> items = resultOf(store.engine()
                        .deliveries(new StorageQuery.DeliveriesOfEndpoint(
                                app.id(), endpoint.id(), state, null, null, page)))
                .items();
        return items.stream().map(item -> item.key().message()).toList();
    }

    private List<Attempt> attempts(
            @Nullable Message message,
            @Nullable Endpoint wanted,
            @Nullable Boolean succeeded,
            @Nullable Integer statusClass) {
        return resultOf(store.engine()
                        .attempts(new StorageQuery.Attempts(
                                app.id(),
                                message == null ? null : message.id(),
                                wanted == null ? null : wanted.id(),
                                succeeded,
                                statusClass,
                                null,
                                null,
                                NEWEST)))
                .items();
    }

    private StorageQuery.AttemptPage attemptPage(@Nullable Instant after, @Nullable Instant before, PageRequest page) {
        return resultOf(store.engine()
                .attempts(new StorageQuery.Attempts(app.id(), null, endpoint.id(), null, null, after, before, page)));
    }

    private Attempt attempt(Message message, AttemptId id) {
        return resultOf(store.engine().attempt(new StorageQuery.OneAttempt(app.id(), message.id(), id)));
    }
}
