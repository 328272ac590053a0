package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** That calls from many threads at once lose nothing and count nothing twice. */
public abstract class ConcurrencyContract extends EngineSuite {
    private static final int WRITERS = 3;
    private static final int SENDERS = 4;
    private static final int MESSAGES_PER_WRITER = 400;
    private static final int ENDPOINTS = 3;

    @Test
    void everyDeliveryIsSettledOnceWhoeverClaimsIt() throws Exception {
        // Given
        List<Application> apps = List.of(store.application(), store.application());
        for (Application app : apps) {
            for (int i = 0; i < ENDPOINTS; i++) {
                store.limit(store.endpoint(app), 50);
            }
        }
        int expected = WRITERS * MESSAGES_PER_WRITER * ENDPOINTS;
        Map<DeliveryKey, AtomicInteger> settled = new ConcurrentHashMap<>();
        AtomicInteger ended = new AtomicInteger();

        // When
        List<Callable<Void>> work = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            Application app = apps.get(writer % apps.size());
            work.add(() -> {
                write(app);
                return null;
            });
        }
        for (int sender = 0; sender < SENDERS; sender++) {
            work.add(() -> {
                send(expected, settled, ended);
                return null;
            });
        }
        runAll(work);

        // Then
        assertThat(settled).hasSize(expected);
        assertThat(settled.values()).allMatch(count -> count.get() == 1);
        assertThat(store.books()).isEqualTo(new Books(expected, expected, 0, 0, 0, 0));
    }

    @Test
    void oneOfManyResultsUnderTheSameFenceCounts() throws Exception {
        // Given
        Application app = store.application();
        store.limit(store.endpoint(app), 100);
        store.accept(app, 100);
        List<ClaimedDelivery> claimed = store.claimAll();
        AtomicInteger won = new AtomicInteger();

        // When
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Settlement.Verdict verdict = i % 2 == 0 ? succeeded() : new Settlement.Verdict.Exhausted();
            work.add(() -> {
                for (ClaimedDelivery one : claimed) {
                    if (store.settle(one, verdict) == SettleOutcome.SETTLED) {
                        won.incrementAndGet();
                    }
                }
                return null;
            });
        }
        runAll(work);

        // Then
        assertThat(won).hasValue(100);
        Books books = store.books();
        assertThat(books.succeeded() + books.failed()).isEqualTo(100);
    }

    @Test
    void oneOfManyEqualMessagesIsStored() throws Exception {
        // Given
        Application app = store.application();
        store.endpoint(app);

        // When
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            work.add(() -> {
                for (int event = 0; event < 50; event++) {
                    store.append(given.message(app.id())
                            .eventId("evt-" + event)
                            .idempotencyKey(Fixtures.idempotencyKey("k" + event, "body"))
                            .build());
                }
                return null;
            });
        }
        runAll(work);

        // Then
        assertThat(store.books().created()).isEqualTo(50);
    }

    private void write(Application app) {
        for (int i = 0; i < MESSAGES_PER_WRITER / 20; i++) {
            List<NewMessage> batch = new ArrayList<>();
            for (int k = 0; k < 20; k++) {
                batch.add(given.message(app.id()).build());
            }
            store.accept(batch);
        }
    }

    private void send(int expected, Map<DeliveryKey, AtomicInteger> settled, AtomicInteger ended) {
        while (ended.get() < expected && !Thread.currentThread().isInterrupted()) {
            List<ClaimedDelivery> claimed = resultOf(store.engine()
                            .claim(new ClaimRequest(Fixtures.NODE, 16, EngineDriver.LEASE, Duration.ZERO)))
                    .deliveries();
            for (ClaimedDelivery one : claimed) {
                if (one.attempt() == 1 && one.key().message().hashCode() % 7 == 0) {
                    assertThat(store.retry(one, Duration.ZERO)).isEqualTo(SettleOutcome.SETTLED);
                } else {
                    assertThat(store.succeed(one)).isEqualTo(SettleOutcome.SETTLED);
                    settled.computeIfAbsent(one.key(), key -> new AtomicInteger())
                            .incrementAndGet();
                    ended.incrementAndGet();
                }
            }
        }
    }

    private static void runAll(List<Callable<Void>> work)
            throws InterruptedException, ExecutionException, TimeoutException {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            List<Future<Void>> running = work.stream().map(threads::submit).toList();
            for (Future<Void> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
