package io.posthorn.storage;

import static io.posthorn.testkit.Futures.failureOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.NewMessage;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.api.StoreRefused;
import io.posthorn.storage.api.Transfer;
import io.posthorn.storage.local.EngineOptions;
import io.posthorn.storage.local.LocalEngines;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.StoreView;
import io.vertx.core.Future;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoverTest {
    private static final int MESSAGES = 1_200;

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private final Fixtures given = new Fixtures(clock);
    private StorageEngine source;
    private StorageEngine target;

    @BeforeEach
    void twoStores() {
        source = LocalEngines.memory(EngineOptions.defaults(), clock);
        target = disk("target");
        resultOf(source.open());
        resultOf(target.open());
    }

    @AfterEach
    void closeStores() {
        resultOf(source.close());
        resultOf(target.close());
    }

    @Test
    void movesEverythingThereAndBack() {
        // Given
        fill(100);
        StoreView before = StoreView.of(source);
        List<Long> told = new ArrayList<>();

        // When
        MoveReport there = resultOf(Mover.move(source, target, (items, total) -> told.add(items)));
        resultOf(source.clear());
        MoveReport back = resultOf(Mover.move(target, source, (items, total) -> {}));

        // Then
        assertThat(there.agrees()).isTrue();
        assertThat(there.items()).isEqualTo(103);
        assertThat(there.changes()).isEmpty();
        assertThat(there.target().waiting()).isEqualTo(100);
        assertThat(told).last().isEqualTo(103L);
        assertThat(back.agrees()).isTrue();
        assertThat(StoreView.of(source)).isEqualTo(before);
        assertThat(resultOf(source.identity()).mark())
                .isEqualTo(Transfer.Mark.ended(resultOf(target.identity()).id(), 103));
    }

    @Test
    void goesOnAfterBeingCutOffAtAnyWrite() {
        // Given
        fill(MESSAGES);
        boolean reached = true;
        int cuts = 0;

        while (reached) {
            // When: it is cut off one write later each time, the target is opened anew, and it is begun again
            AtomicInteger left = new AtomicInteger(cuts);
            reached = Mover.move(source, failing(target, left), (items, total) -> {})
                    .transform(result -> Future.succeededFuture(result.failed()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            reopen("target");
            if (reached) {
                cuts++;
                MoveReport report = resultOf(Mover.move(source, target, (items, total) -> {}));

                // Then
                assertThat(report.agrees()).isTrue();
                assertThat(report.target()).isEqualTo(report.source());
                assertThat(report.target().waiting()).isEqualTo(MESSAGES);
                resultOf(target.clear());
            }
        }
        assertThat(cuts).as("writes and marks").isGreaterThanOrEqualTo(7);
    }

    @Test
    void aMoveThatHasEndedIsRecountedAndWritesNothing() {
        // Given
        fill(3);
        MoveReport first = resultOf(Mover.move(source, target, (items, total) -> {}));
        reopen("target");
        List<Long> told = new ArrayList<>();

        // When
        MoveReport again = resultOf(Mover.move(source, target, (items, total) -> told.add(items)));

        // Then
        assertThat(first.agrees()).isTrue();
        assertThat(again.agrees()).isTrue();
        assertThat(again.items()).isEqualTo(first.items());
        assertThat(told).isEmpty();
    }

    @Test
    void refusesToRepeatAMoveWhoseTargetWasUsedSince() {
        fill(1);
        assertThat(resultOf(Mover.move(source, target, (items, total) -> {})).agrees())
                .isTrue();
        EngineDriver driver = new EngineDriver(target, clock);
        driver.succeed(driver.claimOne());

        assertThat(failureOf(Mover.move(source, target, (items, total) -> {})))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("was used since");
    }

    @Test
    void whatWasMovedMovesOn() {
        // Given
        fill(2);
        assertThat(resultOf(Mover.move(source, target, (items, total) -> {})).agrees())
                .isTrue();
        StorageEngine third = disk("third");
        resultOf(third.open());

        // When
        MoveReport onwards = resultOf(Mover.move(target, third, (items, total) -> {}));
        Throwable back = failureOf(Mover.move(third, source, (items, total) -> {}));

        // Then
        assertThat(onwards.agrees()).isTrue();
        assertThat(onwards.target().waiting()).isEqualTo(2);
        assertThat(back).isInstanceOf(StoreRefused.class).hasMessageContaining("holds other data");
        resultOf(third.close());
    }

    @Test
    void refusesATargetWithOtherData() {
        fill(1);
        new EngineDriver(target, clock).application();

        Throwable refused = failureOf(Mover.move(source, target, (items, total) -> {}));

        assertThat(refused).isInstanceOf(StoreRefused.class).hasMessageContaining("holds other data");
        assertThat(refused.getMessage()).doesNotContain("\n");
        assertThat(new EngineDriver(target, clock).books().created()).isZero();
    }

    @Test
    void refusesAPartOfAnotherStore() {
        resultOf(target.mark(Transfer.Mark.underWay("another-store", null, 0)));

        Throwable into = failureOf(Mover.move(source, target, (items, total) -> {}));
        Throwable outOf = failureOf(Mover.move(target, source, (items, total) -> {}));

        assertThat(into).isInstanceOf(StoreRefused.class).hasMessageContaining("another-store");
        assertThat(outOf).isInstanceOf(StoreRefused.class).hasMessageContaining("finish that move first");
    }

    @Test
    void refusesToMoveAStoreIntoItself() {
        assertThat(failureOf(Mover.move(source, source, (items, total) -> {})))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("the same store");
    }

    private void fill(int messages) {
        EngineDriver driver = new EngineDriver(source, clock);
        Application application = driver.application();
        Endpoint endpoint = driver.endpoint(application);
        assertThat(endpoint.version()).isEqualTo(1);
        List<NewMessage> batch = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            batch.add(given.message(application.id()).build());
        }
        driver.accept(batch);
    }

    private void reopen(String name) {
        resultOf(target.close());
        target = disk(name);
        resultOf(target.open());
    }

    private StorageEngine disk(String name) {
        return LocalEngines.disk(directory.resolve(name), EngineOptions.defaults(), clock);
    }

    /** The engine, whose calls fail when so many writes and marks were done. The last one is done all the same. */
    private static StorageEngine failing(StorageEngine engine, AtomicInteger left) {
        return (StorageEngine) Proxy.newProxyInstance(
                StorageEngine.class.getClassLoader(), new Class<?>[] {StorageEngine.class}, (proxy, method, args) -> {
                    boolean counts =
                            method.getName().equals("write") || method.getName().equals("mark");
                    boolean cut = counts && left.getAndDecrement() <= 0;
                    Object answer;
                    try {
                        answer = method.invoke(engine, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (cut) {
                        return ((Future<?>) answer)
                                .compose(done -> Future.failedFuture(new IllegalStateException("cut off")));
                    }
                    return answer;
                });
    }
}
