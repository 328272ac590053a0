package io.posthorn.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectWritesTest {
    private static final byte[] KEY = {1};
    private static final byte[] VALUE = new byte[100_000];

    @Test
    void trialLeavesNothingBehind(@TempDir Path directory) throws IOException {
        // When
        boolean taken = DirectWrites.areTakenIn(directory);

        // Then
        assertThat(DirectWrites.areTakenIn(directory)).isEqualTo(taken);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void directoryThatIsNotThereIsSaidToBeSo(@TempDir Path directory) {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> DirectWrites.areTakenIn(directory.resolve("absent")));
    }

    @Test
    void databaseIsWrittenThatWayWhereItCanBe(@TempDir Path directory) throws Exception {
        // Given
        Path database = directory.resolve("db");
        RocksMap map = RocksMap.open(database);
        WriteSet writes = new WriteSet();
        writes.put(Table.META, KEY, VALUE);

        // When
        map.write(writes, true);
        map.close();

        // Then
        boolean taken = DirectWrites.areTakenIn(database);
        try (Stream<Path> files = Files.list(database)) {
            Path options = files.filter(file -> file.getFileName().toString().startsWith("OPTIONS"))
                    .findFirst()
                    .orElseThrow();
            assertThat(options).content().contains("use_direct_io_for_flush_and_compaction=" + taken);
        }
        RocksMap again = RocksMap.open(database);
        assertThat(again.get(Table.META, KEY)).isEqualTo(VALUE);
        again.close();
    }
}
