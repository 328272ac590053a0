package io.posthorn.storage.local;

import static io.posthorn.testkit.Futures.failureOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.contract.Application;
import io.posthorn.contract.RoleHealth;
import io.posthorn.storage.api.StoreRefused;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.ManualClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a store whose log was damaged by hand: nothing flushed is ever missing without a word. */
class LogRecoveryTest {
    private static final int ROWS = 50;
    private static final int LARGE = 100_000;

    @TempDir
    Path directory;

    @Test
    void wholeLogIsOpenedWithoutAWord() throws IOException {
        // Given
        write(0, ROWS, true);
        write(ROWS, 2 * ROWS, false);

        // When
        try (Opened store = open()) {
            // Then
            assertThat(store.rows()).isEqualTo(2 * ROWS);
            assertThat(store.map.notice()).isNull();
        }
    }

    @Test
    void recordsThatAreSplitAnywhereAtTheEndOfABlockAreWhole() throws IOException {
        // Given: more than a hundred blocks of small records, so that some are split inside their first bytes
        Random random = new Random(11);
        int count = 40_000;
        try (Opened store = open()) {
            for (int i = 0; i < count; i++) {
                store.put(i, new byte[random.nextInt(100)], false);
            }
        }

        // Then
        assertThat(LogScan.of(database()).damage()).isNull();
        assertOpensWithoutAWord(count);
    }

    @Test
    void tornTailIsDroppedAndReported() throws IOException {
        // Given
        write(0, ROWS, true, 10, false);
        Path log = newestLog();
        truncate(log, Files.size(log) - 3);

        // When
        try (Opened store = open()) {
            // Then
            assertThat(store.rows()).isEqualTo(ROWS + 9);
            assertThat(store.map.notice()).contains("torn end", "1 changes", "no accepted event");
        }
        assertOpensWithoutAWord(ROWS + 9);
    }

    @Test
    void tornTailOfALargeRecordIsDroppedAndReported() throws IOException {
        // Given: a record over several blocks of the log, of which the last are missing
        write(0, ROWS, true);
        try (Opened store = open()) {
            store.put(ROWS, new byte[LARGE], false);
        }
        Path log = newestLog();
        truncate(log, Files.size(log) - LARGE / 2);

        // When
        try (Opened store = open()) {
            // Then
            assertThat(store.rows()).isEqualTo(ROWS);
            assertThat(store.map.notice()).contains("torn end");
        }
    }

    @Test
    void garbledTailIsDroppedAndReported() throws IOException {
        // Given
        write(0, ROWS, true, 10, false);
        Path log = newestLog();
        byte[] bytes = Files.readAllBytes(log);
        byte[] noise = new byte[20];
        new Random(7).nextBytes(noise);
        System.arraycopy(noise, 0, bytes, bytes.length - noise.length, noise.length);
        Files.write(log, bytes);

        // When
        try (Opened store = open()) {
            // Then
            assertThat(store.rows()).isEqualTo(ROWS + 9);
            assertThat(store.map.notice()).contains("torn end");
        }
        assertOpensWithoutAWord(ROWS + 9);
    }

    @Test
    void noiseAndZerosBehindTheLastRecordAreDropped() throws IOException {
        // Given
        write(0, ROWS, true);
        byte[] noise = new byte[5_000];
        new Random(7).nextBytes(noise);
        Files.write(newestLog(), noise, StandardOpenOption.APPEND);
        Files.write(newestLog(), new byte[5_000], StandardOpenOption.APPEND);

        // When
        try (Opened store = open()) {
            // Then
            assertThat(store.rows()).isEqualTo(ROWS);
            assertThat(store.map.notice()).contains("torn end");
        }
    }

    @Test
    void missingLastFileWithNothingFlushedInItIsReported() throws IOException {
        // Given
        write(0, ROWS, true);
        write(ROWS, ROWS + 5, false);
        Files.delete(newestLog());

        // When
        try (Opened store = open()) {
            // Then
            assertThat(store.rows()).isEqualTo(ROWS);
            assertThat(store.map.notice()).contains("5 changes");
        }
    }

    @Test
    void missingLastFileWithSomethingFlushedInItIsRefused() throws IOException {
        // Given
        write(0, ROWS, true);
        write(ROWS, ROWS + 5, true);
        Path log = newestLog();
        byte[] bytes = Files.readAllBytes(log);
        Files.delete(log);

        // When, Then
        assertRefused("last part of the log", "FLUSHED");

        // When: it is put back, as the message says
        Files.write(log, bytes);

        // Then
        assertOpensWithoutAWord(ROWS + 5);
    }

    @Test
    void damageBeforeTheFlushedPointIsRefusedAndChangesNothing() throws IOException {
        // Given
        write(0, ROWS, true);
        Path log = newestLog();
        byte[] whole = Files.readAllBytes(log);
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        Files.write(log, damaged);

        // When, Then
        assertRefused(log.toString(), "damaged at byte", "posthorn verify");
        assertRefused(log.toString(), "damaged at byte", "posthorn verify");
        assertThat(Files.readAllBytes(log)).isEqualTo(damaged);
        Files.write(log, whole);
        assertOpensWithoutAWord(ROWS);
    }

    @Test
    void logThatIsDamagedFromItsFirstRecordOnIsRefused() throws IOException {
        // Given
        write(0, ROWS, true);
        try (Opened store = open()) {
            store.put(ROWS, new byte[1], true);
        }
        Path log = newestLog();
        byte[] bytes = Files.readAllBytes(log);
        bytes[9] ^= 1;
        Files.write(log, bytes);

        // When, Then
        assertRefused("damaged at byte 0");
    }

    @Test
    void operatorMayGoOnWithoutWhatIsLost() throws IOException {
        // Given
        write(0, ROWS, true);
        Path log = newestLog();
        byte[] damaged = Files.readAllBytes(log);
        damaged[damaged.length / 2] ^= 1;
        Files.write(log, damaged);
        assertRefused("damaged");

        // When
        Files.delete(mark());
        try (Opened store = open()) {
            // Then
            assertThat(store.rows()).isBetween(1, ROWS - 1);
            assertThat(store.map.notice()).contains("accepted events may be among it");
        }
    }

    @Test
    void engineSaysWhyItDoesNotOpenAndWhatWasTorn() throws IOException {
        // Given
        LocalEngine engine = engine();
        resultOf(engine.open());
        EngineDriver store = new EngineDriver(engine, new ManualClock());
        Application application = store.application();
        store.endpoint(application);
        store.accept(application, ROWS);
        resultOf(engine.abandon());
        Path log = newestLog();
        byte[] whole = Files.readAllBytes(log);
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        Files.write(log, damaged);

        // When
        Throwable refused = failureOf(engine().open());
        Files.write(log, whole);
        Files.write(log, "torn".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
        engine = engine();
        resultOf(engine.open());

        // Then
        assertThat(refused).isInstanceOf(StoreRefused.class).hasMessageContaining("Put back the data directory");
        assertThat(engine.health().status()).isEqualTo(RoleHealth.Status.HEALTHY);
        assertThat(engine.health().detail()).contains("torn end");
        assertThat(new EngineDriver(engine, new ManualClock()).books().waiting())
                .isEqualTo(ROWS);
        resultOf(engine.close());
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreThread.Refused.class)
                .cause()
                .isInstanceOf(StoreRefused.class)
                .message()
                .contains(words);
    }

    private void assertOpensWithoutAWord(int rows) throws IOException {
        try (Opened store = open()) {
            assertThat(store.rows()).isEqualTo(rows);
            assertThat(store.map.notice()).isNull();
        }
    }

    private void write(int from, int to, boolean flush) throws IOException {
        write(from, to, flush, 0, false);
    }

    /** Writes rows one by one, as one process between its start and its kill, and some more at its end. */
    private void write(int from, int to, boolean flush, int more, boolean flushMore) throws IOException {
        try (Opened store = open()) {
            for (int i = from; i < to; i++) {
                store.put(i, new byte[200], flush);
            }
            for (int i = to; i < to + more; i++) {
                store.put(i, new byte[200], flushMore);
            }
        }
    }

    private Opened open() throws IOException {
        FlushMark mark = FlushMark.open(mark());
        try {
            return new Opened(RocksMap.open(database(), mark));
        } catch (IOException e) {
            mark.close();
            throw e;
        }
    }

    private static final class Opened implements AutoCloseable {
        private final RocksMap map;

        Opened(RocksMap map) {
            this.map = map;
        }

        void put(int number, byte[] value, boolean flush) throws IOException {
            WriteSet writes = new WriteSet();
            writes.put(
                    Table.MESSAGE,
                    ByteBuffer.allocate(Integer.BYTES).putInt(number).array(),
                    value);
            map.write(writes, flush);
        }

        int rows() throws IOException {
            int[] rows = {0};
            map.scan(Table.MESSAGE, new byte[0], Keys.after(new byte[0]), false, (key, value) -> {
                rows[0]++;
                return true;
            });
            return rows[0];
        }

        @Override
        public void close() {
            map.close();
        }
    }

    private Path database() {
        return directory.resolve("queue");
    }

    private Path mark() {
        return directory.resolve("FLUSHED");
    }

    private Path newestLog() throws IOException {
        List<Path> logs = LogScan.files(database());
        return logs.get(logs.size() - 1);
    }

    private static void truncate(Path file, long size) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, (int) size));
    }

    private LocalEngine engine() {
        return LocalEngines.disk(directory, DiskEngineContractTest.OPTIONS, new ManualClock(), FreeSpace.unlimited());
    }
}
