package io.posthorn.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClosingTest {
    @Test
    void aStoreThatHasNothingToDoClosesAtOnce() {
        // Given
        Duration shortest = Duration.ofDays(1);

        // When: several, since one may meet a pause of the machine
        for (int i = 0; i < 5; i++) {
            LocalEngine engine =
                    LocalEngines.memory(new MemoryMap(), DiskEngineContractTest.OPTIONS, new ManualClock());
            Futures.resultOf(engine.open());
            long began = System.nanoTime();
            Futures.resultOf(engine.close());
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            shortest = took.compareTo(shortest) < 0 ? took : shortest;
        }

        // Then
        assertThat(shortest).isLessThan(Duration.ofMillis(250));
    }
}
