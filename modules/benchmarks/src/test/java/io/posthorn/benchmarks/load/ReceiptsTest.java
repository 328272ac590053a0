package io.posthorn.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiptsTest {
    private final Receipts receipts = new Receipts();

    @Test
    void whatWasMeantToBeSentBeforeIsOldAndNotMeasured() {
        // Given
        long from = System.nanoTime();
        receipts.freshFrom(from);

        // When
        receipts.ok(from - 1);
        receipts.ok(from);
        receipts.ok(from + 1);

        // Then
        JsonObject report = Receipts.report(List.of(receipts));
        assertThat(report.getLong("old")).isEqualTo(1);
        assertThat(report.getLong("ok")).isEqualTo(2);
        assertThat(report.getJsonObject("latency").getLong("count")).isEqualTo(2);
    }

    @Test
    void nothingIsOldUntilItIsSaidWhatIsFresh() {
        // When
        receipts.ok(1);

        // Then
        assertThat(Receipts.counts(List.of(receipts)).getLong("old")).isZero();
        assertThat(Receipts.counts(List.of(receipts)).getLong("ok")).isEqualTo(1);
    }

    @Test
    void whatDoesNotSayItsMomentIsNotOld() {
        // Given
        receipts.freshFrom(System.nanoTime());

        // When
        receipts.ok(-1);

        // Then
        JsonObject report = Receipts.report(List.of(receipts));
        assertThat(report.getLong("old")).isZero();
        assertThat(report.getLong("ok")).isEqualTo(1);
        assertThat(report.getJsonObject("latency").getLong("count")).isZero();
    }
}
