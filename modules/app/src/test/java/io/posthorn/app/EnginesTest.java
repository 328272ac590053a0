package io.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.posthorn.config.ConfigLoader;
import io.posthorn.storage.api.StorageEngine;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnginesTest {
    @TempDir
    private Path directory = Path.of("");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        Object unused = vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(unused).isNull();
    }

    @Test
    void theEngineOfANodeIsTheOneOfItsSettings() {
        assertThat(engines("memory").ofNode().name()).isEqualTo("memory");
        assertThat(engines("disk").ofNode().name()).isEqualTo("disk");
        assertThat(engines("auto").ofNode().name()).isEqualTo("disk");
    }

    @Test
    void aPlaceNamesEngineAndDirectory() throws Exception {
        // Given
        StorageEngine engine = engines("auto").at("disk:" + directory.resolve("there"));

        // When
        Object unused = engine.open().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);

        // Then
        assertThat(engine.name()).isEqualTo("disk");
        assertThat(directory.resolve("there")).isDirectory();
        unused = engine.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(unused).isNull();
    }

    @Test
    void anEngineThatIsNotOpenedLeavesNothingBehind() {
        // When
        StorageEngine engine = engines("auto").at("disk:" + directory.resolve("there"));

        // Then
        assertThat(engine.name()).isEqualTo("disk");
        assertThat(Files.exists(directory.resolve("there"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "memory:x", "disk:", "tape:/dev/st0", "", "/var/lib/posthorn"})
    void refusesWhatNamesNoStoreThatLasts(String place) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engines("auto").at(place))
                .withMessageContaining(place)
                .withMessageContaining("expected: disk:DIRECTORY");
    }

    @Test
    void aUrlNamesARedisAndAWrongOneIsRefusedWithoutItsPassword() throws Exception {
        assertThat(engines("auto").at("redis://user:hidden@127.0.0.1:6379/2").name())
                .isEqualTo("redis");
        assertThat(engines("auto").existing("rediss://example.com").name()).isEqualTo("redis");
        assertThat(Engines.shown("redis://user:hid/d@en@127.0.0.1:6379/2")).isEqualTo("redis://127.0.0.1:6379/2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engines("auto").at("redis://user:hidden@127.0.0.1:6379/two"))
                .withMessageContaining("expected: redis://")
                .withMessageNotContaining("hidden");
    }

    @Test
    void aNodeInMemoryLeavesNoStoreBehind() {
        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(() -> engines("memory").ofStoppedNode())
                .withMessageContaining("memory")
                .withMessageContaining("--url");
    }

    @Test
    void aDirectoryThatIsNotThereIsNoStore() {
        // Given
        String place = "disk:" + directory.resolve("mispelt");

        // Then
        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(() -> engines("auto").existing(place))
                .withMessageContaining("there is no store at")
                .withMessageContaining("mispelt");
        assertThat(Files.exists(directory.resolve("mispelt"))).isFalse();
    }

    private Engines engines(String type) {
        Map<String, String> variables = Map.of("WEBHOOK_STORAGE_TYPE", type, "WEBHOOK_DATA_DIR", directory.toString());
        return new Engines(new ConfigLoader(variables, Map.of()).load(null).settings(), InstantSource.system(), vertx);
    }
}
