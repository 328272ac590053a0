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
import io.posthorn.contract.Message;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many endpoints with random behaviours, limits, outages and changes. After each step of the clock everything that may go has gone, what
 * waits says why and until when, and the books balance; in the end everything has arrived that was not given up.
 * {@code -Dposthorn.scenario.seed}, {@code .steps} and {@code .endpoints} change what is played.
 */
class RandomScenarioTest {
    private static final long SEED = Long.getLong("posthorn.scenario.seed", 20_260_101L);
    private static final int STEPS = Integer.getInteger("posthorn.scenario.steps", 15);
    private static final int ENDPOINTS = Integer.getInteger("posthorn.scenario.endpoints", 2_000);
    private static final int PER_APPLICATION = 40;
    private static final int MOST_MESSAGES = 60;
    private static final int LAST_STEPS = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<WaitCause> UNTIL_A_TIME = EnumSet.of(
            WaitCause.DUE_LATER,
            WaitCause.RATE_LIMITED,
            WaitCause.CIRCUIT_OPEN,
            WaitCause.RECEIVER_BUSY,
            WaitCause.CONCURRENCY_FULL);

    private static final List<Behaviour> BAD =
            List.of(Behaviour.STUMBLES, Behaviour.FAILS, Behaviour.BUSY, Behaviour.FLOODED, Behaviour.HANGS_UP);

    private final Vertx vertx = Vertx.vertx();
    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final ErraticReceiver receiver = new ErraticReceiver(vertx, SEED);
    private final ScenarioNode node = new ScenarioNode(vertx, clock);
    private final EngineDriver store = node.store();
    private final Fixtures given = new Fixtures(clock);
    private final List<Application> applications = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final Map<Integer, List<Message>> wanted = new TreeMap<>();

    @AfterEach
    void stop() {
        node.close();
        resultOf(vertx.close());
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void nothingStarvesNothingIsLostAndWhatWaitsSaysWhy() {
        // Given
        make();

        // When
        for (int step = 0; step < STEPS; step++) {
            for (int change = random.nextInt(ENDPOINTS / 20); change > 0; change--) {
                change(random.nextInt(ENDPOINTS));
            }
            append();
            clock.advance(Duration.ofSeconds(1 + random.nextInt(90)));
            settleDown("seed " + SEED + ", step " + step);
        }
        heal();
        for (int step = 0; step < LAST_STEPS && store.books().waiting() > 0; step++) {
            clock.advance(Duration.ofSeconds(60));
            settleDown("seed " + SEED + ", healing step " + step);
        }

        // Then
        Books books = store.books();
        assertThat(books.waiting() + books.inFlight())
                .as("seed %s: open in the end", SEED)
                .isZero();
        wanted.forEach(this::checkArrived);
    }

    private void make() {
        while (endpoints.size() < ENDPOINTS) {
            Application app = store.application();
            applications.add(app);
            for (int i = 0; i < PER_APPLICATION; i++) {
                int number = endpoints.size();
                var built = given.endpoint(app.id()).url(receiver.url(number));
                if (random.nextInt(10) == 0) {
                    built.throttleRate(1 + random.nextInt(5));
                }
                endpoints.add(store.save(built.build()));
                receiver.behave(number, behaviour());
            }
        }
    }

    private Behaviour behaviour() {
        int drawn = random.nextInt(100);
        if (drawn < 70) {
            return Behaviour.WORKS;
        }
        // Those that hang cost real time.
        return drawn < 71 ? Behaviour.HANGS : BAD.get(random.nextInt(BAD.size()));
    }

    private void change(int number) {
        Endpoint endpoint = current(number);
        switch (random.nextInt(6)) {
            case 0 -> store(number, endpoint.withDisabled(!endpoint.disabled(), clock.instant()));
            case 1 -> store.control(new QueueControl.Resume(endpoint.application(), endpoint.id()));
            case 2 -> setCircuit(endpoint, true);
            case 3 -> setCircuit(endpoint, false);
            default -> receiver.behave(number, behaviour());
        }
    }

    private Endpoint current(int number) {
        Endpoint known = endpoints.get(number);
        return (Endpoint) resultOf(store.engine()
                        .find(new StorageQuery.Find.OneEndpoint(
                                known.application(), known.id().value())))
                .entity();
    }

    private void store(int number, Endpoint changed) {
        endpoints.set(number, store.save(changed));
    }

    private void setCircuit(Endpoint endpoint, boolean open) {
        Circuit before = store.queue(endpoint).circuit();
        Circuit after = open
                ? Circuit.opened(before, 1, clock.instant(), clock.instant().plusSeconds(120), "opened by hand")
                : Circuit.reset(before, clock.instant(), "reset by hand");
        store.control(new QueueControl.SetCircuit(endpoint.application(), endpoint.id(), after));
    }

    private void append() {
        for (int count = random.nextInt(MOST_MESSAGES); count > 0; count--) {
            int number = random.nextInt(applications.size());
            NewMessage message = given.message(applications.get(number).id()).build();
            Message stored = store.accept(message);
            for (int i = number * PER_APPLICATION; i < (number + 1) * PER_APPLICATION; i++) {
                if (!endpoints.get(i).disabled()) {
                    wanted.computeIfAbsent(i, first -> new ArrayList<>()).add(stored);
                }
            }
        }
    }

    /** Waits until nothing moves without the clock, which is when everything that may go has gone; then looks at all that waits. */
    private void settleDown(String when) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(this::isQuiet);
        Books sum = Books.EMPTY;
        for (Endpoint endpoint : endpoints) {
            QueueState queue = store.queue(endpoint);
            sum = sum.plus(queue.books());
            if (queue.books().waiting() > 0) {
                explainsItself(when, endpoint, queue);
            }
        }
        assertThat(sum).as("%s: sum of all queues", when).isEqualTo(store.books());
        long made = wanted.values().stream().mapToLong(Collection::size).sum();
        assertThat(sum.created()).as("%s: deliveries made", when).isEqualTo(made);
    }

    private boolean isQuiet() {
        // What has become due is noticed by the next claim; an idle one waits for a second at most.
        Backlog backlog = resultOf(engine().backlog());
        return backlog.byCause().stream()
                .map(Backlog.Share::cause)
                .noneMatch(cause -> cause == WaitCause.READY || cause == WaitCause.IN_FLIGHT);
    }

    private StorageEngine engine() {
        return store.engine();
    }

    private void explainsItself(String when, Endpoint endpoint, QueueState queue) {
        if (endpoint.disabled()) {
            assertThat(queue.cause()).as("%s: %s", when, queue).isEqualTo(WaitCause.ENDPOINT_DISABLED);
            return;
        }
        assertThat(queue.cause()).as("%s: %s of %s", when, queue, endpoint.id()).isIn(UNTIL_A_TIME);
        assertThat(queue.until())
                .as("%s: %s of %s", when, queue, endpoint.id())
                .isNotNull()
                .isAfter(clock.instant());
    }

    private void heal() {
        for (int number = 0; number < ENDPOINTS; number++) {
            receiver.behave(number, Behaviour.WORKS);
            Endpoint endpoint = current(number);
            if (endpoint.disabled()) {
                store(number, endpoint.withDisabled(false, clock.instant()));
            }
        }
    }

    /** Each delivery either arrived, or its policy ended. */
    private void checkArrived(int number, List<Message> messages) {
        Set<String> missing = new HashSet<>();
        messages.forEach(message -> missing.add(message.id().value()));
        missing.removeAll(receiver.accepted(number));
        Books books = store.queue(endpoints.get(number)).books();
        assertThat(books.created()).isEqualTo(messages.size());
        assertThat((long) missing.size())
                .as("seed %s: endpoint %s lacks %s", SEED, number, missing)
                .isLessThanOrEqualTo(books.failed());
        assertThat(books.succeeded() + books.failed())
                .as("seed %s: endpoint %s", SEED, number)
                .isEqualTo(messages.size());
    }
}
