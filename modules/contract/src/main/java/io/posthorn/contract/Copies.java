package io.posthorn.contract;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Unchangeable copies of what a record is made of. A neighbour of an older version does not send a field that it does
 * not know: such a collection arrives as null and is empty.
 */
final class Copies {
    private Copies() {}

    static <T> List<T> list(@Nullable List<T> given) {
        return given == null ? List.of() : List.copyOf(given);
    }

    static <T> Set<T> set(@Nullable Set<T> given) {
        return given == null ? Set.of() : Set.copyOf(given);
    }

    static <K, V> Map<K, V> map(@Nullable Map<K, V> given) {
        return given == null ? Map.of() : Map.copyOf(given);
    }
}
