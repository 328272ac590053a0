package io.posthorn.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreTest {
    @ParameterizedTest
    @CsvSource({"disk, DISK, disk", "memory, MEMORY, memory", "redis, REDIS, redis", "redis-always, REDIS_ALWAYS, redis"
    })
    void isFoundByItsLabel(String label, Store store, String type) {
        assertThat(Store.ofLabel(label)).isEqualTo(store);
        assertThat(store.label()).isEqualTo(label);
        assertThat(store.type()).isEqualTo(type);
    }

    @Test
    void anotherLabelIsRefused() {
        assertThatThrownBy(() -> Store.ofLabel("tape"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis-always");
    }
}
