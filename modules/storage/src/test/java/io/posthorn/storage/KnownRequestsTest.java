package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.IdempotencyKey;
import io.posthorn.testkit.Fixtures;
import org.junit.jupiter.api.Test;

class KnownRequestsTest {
    private static final int MANY = 20_000;

    private final KnownRequests known = new KnownRequests();

    @Test
    void knowsWhatWasAddedAndNothingElse() {
        // When
        for (int i = 0; i < MANY; i++) {
            known.add(key(i));
        }

        // Then
        for (int i = 0; i < MANY; i++) {
            assertThat(known.mayHave(key(i))).as("key %d", i).isTrue();
            assertThat(known.mayHave(key(MANY + i))).as("key %d", MANY + i).isFalse();
        }
    }

    @Test
    void forgetsAllWhenItIsCleared() {
        // Given
        known.add(key(1));

        // When
        known.clear();

        // Then
        assertThat(known.mayHave(key(1))).isFalse();
    }

    private static IdempotencyKey key(int number) {
        return Fixtures.idempotencyKey("key-" + number, "body");
    }
}
