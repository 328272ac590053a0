package io.posthorn.architecture.scenario;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.architecture.scenario.ErraticReceiver.Behaviour;
import io.posthorn.contract.Application;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.Books;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.WaitCause;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A receiver that is down for ten minutes by a clock that is moved by hand, with an event each second. */
class OutageTest {
    private static final int SECONDS = 600;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final ErraticReceiver receiver = new ErraticReceiver(vertx, 1);
    private final ScenarioNode node = new ScenarioNode(vertx, clock);
    private final EngineDriver store = node.store();

    @AfterEach
    void stop() {
        node.close();
        resultOf(vertx.close());
    }

    @Test
    void onlyProbesAreMadeAndEverythingArrivesAfterwards() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.save(
                new Fixtures(clock).endpoint(app.id()).url(receiver.url(0)).build());
        receiver.behave(0, Behaviour.FAILS);
        store.accept(app, 20);
        settleDown();
        int before = receiver.requests();
        int openingsBefore = circuit(endpoint).openings();

        // When
        for (int second = 0; second < SECONDS; second += 5) {
            store.accept(app, 5);
            clock.advance(Duration.ofSeconds(5));
            settleDown();
            QueueState queue = store.queue(endpoint);
            assertThat(queue.cause()).isEqualTo(WaitCause.CIRCUIT_OPEN);
            assertThat(queue.until()).isAfter(clock.instant());
        }
        int probes = circuit(endpoint).openings() - openingsBefore;
        int attempts = receiver.requests() - before;
        receiver.behave(0, Behaviour.WORKS);
        for (int i = 0; i < 60 && store.books().waiting() > 0; i++) {
            clock.advance(Duration.ofSeconds(30));
            settleDown();
        }

        // Then
        assertThat(attempts).as("attempts while it was open").isEqualTo(probes).isBetween(3, 6);
        Books books = store.books();
        assertThat(books.created()).isEqualTo(SECONDS + 20);
        assertThat(books.succeeded()).isEqualTo(SECONDS + 20);
        assertThat(receiver.accepted(0)).hasSize(SECONDS + 20);
        assertThat(circuit(endpoint).isOpen()).isFalse();
    }

    private Circuit circuit(Endpoint endpoint) {
        return Objects.requireNonNull(store.queue(endpoint).circuit(), "it never opened");
    }

    private void settleDown() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> resultOf(store.engine().backlog()).byCause().stream()
                        .map(Backlog.Share::cause)
                        .noneMatch(cause -> cause == WaitCause.READY || cause == WaitCause.IN_FLIGHT));
    }
}
