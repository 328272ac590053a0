package io.posthorn.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.benchmarks.run.ThreadCpu;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageProfileTest {
    @Test
    void readsARecordingAndKeepsTheSums(@TempDir Path directory) throws Exception {
        // Given: a recording of this process, whatever it holds
        Path file = directory.resolve("own.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ObjectAllocationSample").with("throttle", "1000/s");
            recording.start();
            Files.writeString(directory.resolve("some.txt"), "x".repeat(1_000_000));
            recording.stop();
            recording.dump(file);
        }
        ThreadCpu thread = new ThreadCpu(Long.MAX_VALUE, "nobody", 30, 12, 0);

        // When
        StageProfile profile = StageProfile.of(file, List.of(thread), 5_000);

        // Then
        assertThat(profile.cpuMicros()).containsEntry(MessageStage.UNATTRIBUTED, 42.0);
        assertThat(profile.bytes().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isBetween(4_999.0, 5_001.0);
        assertThat(profile.unknown()).anyMatch(line -> line.contains("\"nobody\""));
    }
}
