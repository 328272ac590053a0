package io.posthorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    @TempDir
    Path directory;

    @Test
    void laterSourcesWin() throws IOException {
        // Given
        Path file = file("ingestion:\n  port: 1\n  instances: 3\nhealth: {port: 2}\ndispatch.timeout: 5s\n");

        // When
        Settings settings = new ConfigLoader(
                        Map.of("WEBHOOK_HTTP_PORT", "11", "WEBHOOK_MANAGEMENT_PORT", "12"),
                        Map.of("WEBHOOK_MANAGEMENT_PORT", "22", "java.version", "17"))
                .load(file)
                .settings();

        // Then
        assertThat(settings.ingestion().instances()).isEqualTo(3);
        assertThat(settings.ingestion().port()).isEqualTo(11);
        assertThat(settings.health().port()).isEqualTo(22);
        assertThat(settings.dispatch().timeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void readsTheFileThatTheVariableNames() throws IOException {
        // Given
        Path file = file("dispatch:\n  retrySchedule: [1, 5m, 2h]\n  retryCount: null\n");

        // When
        Settings settings = SettingsAsserts.load(Map.of("WEBHOOK_CONFIG_FILE", file.toString()));

        // Then
        assertThat(settings.retry().schedule())
                .containsExactly(Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofHours(2));
        assertThat(settings.retry().count()).isNull();
    }

    @Test
    void tellsEveryProblemAtOnce() throws IOException {
        // Given
        Path file = file("ingestion: {prot: 1, maxPending: many}\n");
        ConfigLoader loader = new ConfigLoader(
                Map.of("WEBHOOK_HTTP_PROT", "1", "WEBHOOK_DEFAULT_TIMEOUT", "-5s", "PATH", "/bin"),
                Map.of("WEBHOOK_NO_SUCH_THING_AT_ALL", "1"));

        // When
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> loader.load(file));

        // Then
        assertThat(refused.getMessage().lines())
                .containsExactlyInAnyOrder(
                        "the settings have 5 problems:",
                        "  - ingestion.prot: unknown setting in " + file + "; did you mean ingestion.port?",
                        "  - ingestion.maxPending: many (expected: a whole number), from " + file,
                        "  - WEBHOOK_HTTP_PROT: unknown variable; did you mean WEBHOOK_HTTP_PORT?",
                        "  - WEBHOOK_NO_SUCH_THING_AT_ALL: unknown system property",
                        "  - dispatch.timeout: -5s (expected: > 0s), from WEBHOOK_DEFAULT_TIMEOUT");
    }

    @Test
    void neverShowsASecret() {
        assertThatThrownBy(() -> SettingsAsserts.load(Map.of("WEBHOOK_JWT_SECRET", "hunter2")))
                .hasMessageContaining("[redacted]")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void countsAnEmptyVariableAsUnset() {
        assertThat(SettingsAsserts.load(Map.of("WEBHOOK_HTTP_PORT", "", "WEBHOOK_RETRY_SCHEDULE", " ")))
                .isEqualTo(Settings.defaults());
    }

    @Test
    void refusesAFileThatIsMissingOrBroken() throws IOException {
        ConfigLoader loader = new ConfigLoader(Map.of(), Map.of());
        Path broken = file("ingestion: [\n");
        assertThatThrownBy(() -> loader.load(directory.resolve("none.yaml")))
                .hasMessageContaining("none.yaml: cannot be read");
        assertThatThrownBy(() -> loader.load(broken)).hasMessageContaining("not YAML");
        Path twice = Files.writeString(directory.resolve("twice.yaml"), "health.port: 1\nhealth.port: 2\n");
        assertThatThrownBy(() -> loader.load(twice)).hasMessageContaining("not YAML");
        Path list = Files.writeString(directory.resolve("list.yaml"), "- 1\n");
        assertThatThrownBy(() -> loader.load(list)).hasMessageContaining("not a map of settings");
    }

    @Test
    void acceptsAnEmptyFile() throws IOException {
        assertThat(new ConfigLoader(Map.of(), Map.of())
                        .load(file("# nothing\n"))
                        .settings())
                .isEqualTo(Settings.defaults());
    }

    @Test
    void refusesTwoRolesOnOnePort() {
        assertThatThrownBy(() -> SettingsAsserts.load(Map.of("WEBHOOK_MANAGEMENT_PORT", "8071")))
                .hasMessageContaining("health.port: 8071 (expected: another port than ingestion.port)");
    }

    @Test
    void saysWhatIsNotSupportedYet() {
        // When
        LoadedSettings loaded = new ConfigLoader(
                        Map.of(
                                "AWS_LAMBDA_FUNCTION_NAME", "hooks",
                                "ENABLE_TRACING", "false",
                                "OTLP_ENDPOINT", "http://localhost:4317"),
                        Map.of())
                .load(null);

        // Then
        assertThat(loaded.notices())
                .containsExactly(
                        "OTLP_ENDPOINT is set but not supported yet: it has no effect",
                        "AWS_LAMBDA_FUNCTION_NAME is set but not supported yet: it has no effect");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("posthorn.yaml"), text);
    }
}
