package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressOrderTest {
    private long nanos;
    private final AddressOrder order = new AddressOrder(() -> nanos);

    @Test
    void familiesTakeTurns() {
        assertThat(AddressOrder.alternating(List.of("2600::1", "2600::2", "2600::3", "8.8.8.8", "8.8.4.4")))
                .containsExactly("8.8.8.8", "2600::1", "8.8.4.4", "2600::2", "2600::3");
        assertThat(AddressOrder.alternating(List.of("2600::1"))).containsExactly("2600::1");
        assertThat(AddressOrder.alternating(List.of())).isEmpty();
    }

    @Test
    void whatFailedStandsBehindTheOthersForAMinuteAtThatPort() {
        // Given
        List<String> addresses = List.of("8.8.8.8", "2600::1", "8.8.4.4");

        // When
        order.failed("8.8.8.8", 443);

        // Then
        assertThat(order.toTry(addresses, 443)).containsExactly("2600::1", "8.8.4.4", "8.8.8.8");
        assertThat(order.toTry(addresses, 8443)).isEqualTo(addresses);
        order.failed("2600::1", 443);
        order.failed("8.8.4.4", 443);
        assertThat(order.toTry(addresses, 443)).isEqualTo(addresses);
        nanos += AddressOrder.MEMORY.toNanos();
        order.failed("2600::1", 443);
        assertThat(order.toTry(addresses, 443)).containsExactly("8.8.8.8", "8.8.4.4", "2600::1");
    }

    @Test
    void onlySoManyAreTried() {
        List<String> many = IntStream.range(0, 50).mapToObj(i -> "8.8.8." + i).toList();
        order.failed("8.8.8.0", 443);

        assertThat(order.toTry(many, 443)).isEqualTo(many.subList(1, 1 + AddressOrder.MOST_TRIED));
    }
}
