package io.posthorn.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FencesTest {
    private static final int BLOCK = 1_000_000;

    @Test
    void growsOverALossOfPowerRightAfterTheFirstOnes() throws IOException {
        // Given
        MemoryMap durable = new MemoryMap();
        WriteSet lost = new WriteSet();
        long before = new Fences(new PowerLossMap(durable)).next(lost);

        // When
        long after = new Fences(new PowerLossMap(durable)).next(new WriteSet());

        // Then
        assertThat(after).isGreaterThan(before);
    }

    @Test
    void reservesTheNextBlockLongBeforeItIsNeeded() throws IOException {
        // Given
        MemoryMap durable = new MemoryMap();
        Fences fences = new Fences(new PowerLossMap(durable));
        WriteSet writes = new WriteSet();
        long last = 0;
        for (int i = 0; i < BLOCK / 2 + 1; i++) {
            last = fences.next(writes);
        }

        // When
        durable.write(writes, true);
        long after = new Fences(new PowerLossMap(durable)).next(new WriteSet());

        // Then
        assertThat(writes.changes()).hasSize(1);
        assertThat(after).isEqualTo(2L * BLOCK + 1).isGreaterThan(last);
    }
}
