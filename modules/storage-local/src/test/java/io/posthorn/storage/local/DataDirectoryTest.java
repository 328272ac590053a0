package io.posthorn.storage.local;

import static io.posthorn.testkit.Futures.failureOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.api.StoreRefused;
import io.posthorn.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void refusesADirectoryOfANewerFormat() throws IOException {
        // Given
        Files.writeString(directory.resolve("FORMAT"), "posthorn-disk 3\n");

        // When
        Throwable refused = failureOf(engine().open());

        // Then
        assertThat(refused)
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("posthorn-disk 3")
                .hasMessageContaining("posthorn-disk 2");
    }

    @Test
    void refusesADirectoryInUse() {
        // Given
        StorageEngine first = engine();
        resultOf(first.open());

        // When
        Throwable refused = failureOf(engine().open());
        resultOf(first.close());

        // Then
        assertThat(refused).isInstanceOf(StoreRefused.class).hasMessageContaining("in use by another process");
    }

    @Test
    void refusesADirectoryThatCannotBeMade() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("file"), "not a directory");

        // When
        Throwable refused =
                failureOf(LocalEngines.disk(file.resolve("data"), EngineOptions.defaults(), new ManualClock())
                        .open());

        // Then
        assertThat(refused).isInstanceOf(StoreRefused.class).hasMessageContaining("cannot be written");
    }

    @Test
    void refusesADatabaseWithoutItsFormat() throws IOException {
        // Given
        Files.createDirectories(directory.resolve("queue"));

        // When
        Throwable refused = failureOf(engine().open());

        // Then
        assertThat(refused).isInstanceOf(StoreRefused.class).hasMessageContaining("no file FORMAT");
    }

    private StorageEngine engine() {
        return LocalEngines.disk(directory, EngineOptions.defaults(), new ManualClock());
    }
}
