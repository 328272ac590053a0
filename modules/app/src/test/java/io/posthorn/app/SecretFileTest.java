package io.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.contract.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
    @TempDir
    private Path parent = Path.of("");

    private Path data = parent;
    private Path file = parent;

    @BeforeEach
    void choose() {
        data = parent.resolve("data");
        file = data.resolve("jwt-secret");
    }

    @Test
    void makesASecretThatOnlyItsOwnerMayReadAndLeavesNothingElse() throws Exception {
        // When
        Secret secret = SecretFile.readOrCreate(data);

        // Then
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(secret).isEqualTo(new Secret(Files.readString(file).strip()));
        assertThat(names(data)).containsExactly("jwt-secret");
    }

    @Test
    void keepsTheSecretOverStarts() throws Exception {
        // Given
        Secret first = SecretFile.readOrCreate(data);

        // When
        Secret second = SecretFile.readOrCreate(data);

        // Then
        assertThat(second).isEqualTo(first);
    }

    @Test
    void makesAnotherSecretForAnotherDirectory() throws Exception {
        // When
        Secret one = SecretFile.readOrCreate(data);
        Secret other = SecretFile.readOrCreate(parent.resolve("other"));

        // Then
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void refusesASecretThatOthersMayRead() throws Exception {
        // Given
        Secret unused = SecretFile.readOrCreate(data);
        Path changed = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        // Then
        assertThatThrownBy(() -> SecretFile.readOrCreate(data))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("chmod 600 " + changed.toAbsolutePath());
    }

    @Test
    void refusesASecretThatIsTooShortAndDoesNotShowIt() throws Exception {
        // Given
        Secret unused = SecretFile.readOrCreate(data);
        Path cut = Files.writeString(file, "short-one\n");

        // Then
        assertThatThrownBy(() -> SecretFile.readOrCreate(data))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(cut.toAbsolutePath() + " has less than 32 bytes")
                .hasMessageNotContaining("short-one");
    }

    @Test
    void refusesADataDirectoryThatIsAFile() throws Exception {
        // Given
        Path notADirectory = Files.writeString(parent.resolve("file"), "");

        // Then
        assertThatThrownBy(() -> SecretFile.readOrCreate(notADirectory))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("cannot be used");
    }

    private static List<String> names(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }
}
