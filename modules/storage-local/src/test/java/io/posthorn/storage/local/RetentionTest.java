package io.posthorn.storage.local;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Books;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.RoleHealth;
import io.posthorn.storage.rows.RowReader;
import io.posthorn.storage.rows.RowWriter;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.buffer.Buffer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What retention costs, that it gives disk space back, and that stores without its index get it. */
class RetentionTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SLACK = Duration.ofHours(2);
    private static final Duration ATTEMPTS = EngineOptions.defaults().attemptRetention();
    private static final int PAYLOAD_BYTES = 8 << 10;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private final Fixtures fixtures = new Fixtures(clock);
    private final Random random = new Random(4711);
    private final WatchedMap.Watch watch = new WatchedMap.Watch();

    @Test
    @Timeout(180)
    void diskSpaceIsGivenBackWhenContentsAndWhenRecordsGo() {
        // Given
        LocalEngine engine = disk();
        EngineDriver store = new EngineDriver(engine, clock);
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.limit(endpoint, 10_000);
        for (int i = 0; i < 20; i++) {
            store.accept(noise(app, 250));
            store.claimAll().forEach(store::succeed);
        }
        long full = size();

        // When
        clock.advance(DAY.plus(SLACK));
        long withoutContents = sweepUntilBelow(store, full / 4);
        clock.advance(ATTEMPTS);
        store.sweep();
        store.sweep();

        // Then
        assertThat(full).isGreaterThan(5_000L * PAYLOAD_BYTES);
        assertThat(withoutContents).isLessThan(full / 4);
        AuditReport report = resultOf(engine.audit(false, looked -> {}));
        assertThat(report.clean()).isTrue();
        assertThat(report.messages()).isZero();
        assertThat(report.attempts()).isZero();
        assertThat(report.recorded()).isEqualTo(new Books(5_000, 5_000, 0, 0, 0, 0));
        resultOf(engine.close());
    }

    @Test
    void sweepThatFindsNothingReadsNextToNothing() {
        // Given
        LocalEngine engine = watched();
        EngineDriver store = new EngineDriver(engine, clock);
        for (int i = 0; i < 50; i++) {
            Application app = store.application();
            store.endpoint(app);
            store.accept(messages(app, 40));
        }
        store.pass(DAY.plus(SLACK));

        // When
        long before = watch.read();
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofMinutes(1));
            store.sweep();
        }

        // Then
        assertThat(watch.read() - before).isLessThan(20);
        resultOf(engine.close());
    }

    @Test
    void indexIsOneRowAnHourAndOwnerNotOneAMessage() throws IOException {
        // Given
        MemoryMap map = new MemoryMap();
        LocalEngine engine = LocalEngines.memory(map, DiskEngineContractTest.OPTIONS, clock);
        resultOf(engine.open());
        EngineDriver store = new EngineDriver(engine, clock);
        Application app = store.application();
        store.limit(store.endpoint(app), 1_000);

        // When
        for (int hour = 0; hour < 3; hour++) {
            store.accept(messages(app, 200));
            store.claimAll().forEach(store::succeed);
            clock.advance(Duration.ofHours(1));
        }

        // Then
        int[] rows = {0};
        map.scan(Table.EXPIRY, new byte[0], Keys.after(new byte[0]), false, (key, value) -> ++rows[0] > 0);
        assertThat(rows[0]).isEqualTo(6);
        resultOf(engine.close());
    }

    @Test
    void storeOfTheFirstFormatGetsTheIndexWhenItIsOpened() throws IOException {
        // Given
        LocalEngine engine = disk();
        EngineDriver store = new EngineDriver(engine, clock);
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(messages(app, 100));
        store.claim(40).forEach(store::succeed);
        assertThat(store.books(endpoint).succeeded()).isEqualTo(40);
        resultOf(engine.close());
        makeFirstFormat();

        // When
        engine = disk();
        store = new EngineDriver(engine, clock);
        AuditReport after = resultOf(engine.audit(false, looked -> {}));
        store.pass(DAY.plus(ATTEMPTS).plus(SLACK));

        // Then
        assertThat(after.differences()).isEmpty();
        assertThat(Files.readString(directory.resolve("FORMAT"))).isEqualTo("posthorn-disk 2\n");
        assertThat(store.books(endpoint)).isEqualTo(new Books(100, 40, 0, 60, 0, 0));
        AuditReport end = resultOf(engine.audit(false, looked -> {}));
        assertThat(end.differences()).isEmpty();
        assertThat(end.messages()).isZero();
        assertThat(end.attempts()).isZero();
        resultOf(engine.close());
    }

    @Test
    void auditFindsALostIndexRow() throws IOException {
        // Given
        MemoryMap map = new MemoryMap();
        LocalEngine engine = LocalEngines.memory(map, DiskEngineContractTest.OPTIONS, clock);
        resultOf(engine.open());
        EngineDriver store = new EngineDriver(engine, clock);
        Application app = store.application();
        store.limit(store.endpoint(app), 100);
        store.accept(messages(app, 10));
        store.claimAll().forEach(store::succeed);
        WriteSet writes = new WriteSet();
        writes.deleteRange(Table.EXPIRY, new byte[0], Keys.after(new byte[0]));
        map.write(writes, true);

        // When
        AuditReport found = resultOf(engine.audit(true, looked -> {}));
        AuditReport after = resultOf(engine.audit(false, looked -> {}));

        // Then
        assertThat(found.differences())
                .isNotEmpty()
                .allMatch(one -> one.kind() == AuditReport.Kind.LOST_INDEX_ENTRY && one.mended());
        assertThat(after.differences()).isEmpty();
        store.pass(DAY.plus(ATTEMPTS).plus(SLACK));
        assertThat(resultOf(engine.audit(false, looked -> {})).messages()).isZero();
        resultOf(engine.close());
    }

    private void makeFirstFormat() throws IOException {
        OrderedMap map = new DataDirectory(directory).open();
        WriteSet writes = new WriteSet();
        writes.deleteRange(Table.EXPIRY, new byte[0], Keys.after(new byte[0]));
        writes.delete(Table.META, Keys.bytes("expiry-index"));
        map.scan(Table.LEDGER, new byte[0], Keys.after(new byte[0]), false, (key, row) -> {
            RowReader in = new RowReader(row);
            RowWriter out = new RowWriter((byte) 1).id(ApplicationId.PREFIX + in.id());
            for (int i = 0; i < 8; i++) {
                out.number(in.number());
            }
            writes.put(Table.LEDGER, key, out.bytes());
            return true;
        });
        map.write(writes, true);
        map.close();
        Files.delete(directory.resolve("FLUSHED"));
        Files.writeString(directory.resolve("FORMAT"), "posthorn-disk 1\n");
    }

    private long sweepUntilBelow(EngineDriver store, long wanted) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        long size;
        do {
            store.sweep();
            size = size();
        } while (size >= wanted && System.nanoTime() < end);
        return size;
    }

    private List<NewMessage> messages(Application app, int count) {
        List<NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(fixtures.message(app.id()).retention(DAY).build());
        }
        return messages;
    }

    private List<NewMessage> noise(Application app, int count) {
        List<NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] payload = new byte[PAYLOAD_BYTES];
            random.nextBytes(payload);
            messages.add(fixtures.message(app.id())
                    .retention(DAY)
                    .payload(Buffer.buffer(payload))
                    .build());
        }
        return messages;
    }

    private LocalEngine disk() {
        LocalEngine engine = LocalEngines.disk(directory, DiskEngineContractTest.OPTIONS, clock, FreeSpace.unlimited());
        resultOf(engine.open());
        return engine;
    }

    private LocalEngine watched() {
        MemoryMap map = new MemoryMap();
        StoreThread thread = new StoreThread(
                () -> new WatchedMap(map, watch),
                clock,
                DiskEngineContractTest.OPTIONS,
                FreeSpace.unlimited(),
                "test-store");
        LocalEngine engine =
                new LocalEngine("disk", new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "disk"), thread);
        resultOf(engine.open());
        return engine;
    }

    private long size() {
        return size(directory.toFile());
    }

    /** Files may go while they are looked at: they count nothing then. */
    private static long size(File file) {
        File[] inside = file.listFiles();
        return inside == null
                ? file.length()
                : Stream.of(inside).mapToLong(RetentionTest::size).sum();
    }
}
