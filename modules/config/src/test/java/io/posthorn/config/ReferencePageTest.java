package io.posthorn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds {@code docs/configuration.md} and {@code config/posthorn.yaml} to the records. With
 * {@code -Dposthorn.write=true} it writes both instead.
 */
class ReferencePageTest {
    private static final String BEGIN = "<!-- settings: written from the records -->\n";
    private static final String END = "<!-- end of settings -->\n";

    @Test
    void pageNamesEverySettingWithItsDefault() throws IOException {
        // Given
        Path page = root().resolve("docs/configuration.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);

        // When
        String table = table();

        // Then
        if (Boolean.getBoolean("posthorn.write")) {
            Files.writeString(page, text.substring(0, begin) + table + text.substring(end));
        } else {
            assertThat(text.substring(begin, end)).isEqualTo(table);
        }
    }

    @Test
    void pageNamesWhatHasNoEffectYet() throws IOException {
        assertThat(Files.readString(root().resolve("docs/configuration.md")))
                .contains(ConfigLoader.NOT_SUPPORTED_YET.stream()
                        .map(name -> "`" + name + "`")
                        .toList());
    }

    @Test
    void exampleFileHoldsEveryKey() throws IOException {
        // Given
        Path example = root().resolve("config/posthorn.yaml");

        // When
        String text = example();

        // Then
        if (Boolean.getBoolean("posthorn.write")) {
            Files.writeString(example, text);
        } else {
            assertThat(Files.readString(example)).isEqualTo(text);
        }
    }

    @Test
    void exampleFileMeansTheDefaultsWithOrWithoutItsComments(@TempDir Path directory) throws IOException {
        // Given
        Path uncommented = Files.writeString(
                directory.resolve("posthorn.yaml"),
                example()
                        .lines()
                        .filter(line -> !line.startsWith("# "))
                        .map(line -> line.replaceFirst("^(\\s*)#", "$1"))
                        .filter(line -> !line.strip().startsWith("#"))
                        .collect(Collectors.joining("\n")));

        // When
        ConfigLoader loader = new ConfigLoader(Map.of(), Map.of());

        // Then
        assertThat(loader.load(uncommented).settings()).isEqualTo(Settings.defaults());
        assertThat(loader.load(root().resolve("config/posthorn.yaml")).settings())
                .isEqualTo(Settings.defaults());
    }

    private static String table() {
        StringBuilder table =
                new StringBuilder("| variable | key in the file | default | what it is |\n|---|---|---|---|\n");
        ConfigLoader.fields()
                .forEach(field -> table.append("| `%s` | `%s` | %s | %s |\n"
                        .formatted(
                                field.env(),
                                field.key(),
                                inCode(defaultOf(field)),
                                field.setting().doc())));
        return table.toString();
    }

    private static String inCode(String text) {
        return text.isEmpty() ? "unset" : "`" + text + "`";
    }

    /** Every key stands behind a single {@code #}, every explanation behind {@code ##}. */
    private static String example() {
        StringBuilder text = new StringBuilder("""
                # Settings of a Posthorn node. Every key is here with its default; remove its # to change it.
                # Environment variables and system properties win over this file. See docs/configuration.md.
                """);
        String[] section = {""};
        ConfigLoader.fields().forEach(field -> {
            String[] path = field.key().split("\\.");
            if (!path[0].equals(section[0])) {
                section[0] = path[0];
                text.append("\n").append(path[0]).append(":\n");
            }
            text.append("  ## ").append(field.setting().doc()).append("\n");
            text.append("  #")
                    .append(path[1])
                    .append(": ")
                    .append(inYaml(defaultOf(field)))
                    .append("\n");
        });
        return text.toString();
    }

    private static String inYaml(String text) {
        return text.isEmpty() ? "null" : text;
    }

    private static String defaultOf(SettingField field) {
        return shown(valueOf(field));
    }

    private static Object valueOf(SettingField field) {
        for (var component : Settings.class.getRecordComponents()) {
            if (component.getType() == field.component().getDeclaringRecord()) {
                try {
                    return field.valueIn((Record) component.getAccessor().invoke(Settings.defaults()));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        throw new IllegalStateException("no record for " + field.key());
    }

    private static String shown(Object value) {
        if (value == null || value instanceof Secret) {
            return "";
        } else if (value instanceof Duration duration) {
            return DurationText.format(duration);
        } else if (value instanceof Collection<?> values) {
            return values.stream().map(ReferencePageTest::shown).collect(Collectors.joining(","));
        }
        return value instanceof Enum<?> ? value.toString().toLowerCase(Locale.ROOT) : value.toString();
    }

    /** The top of the checkout, wherever the build runs the test. */
    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.isDirectory(directory.resolve("modules/config"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
