package io.posthorn.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Gathers every bound of a record that is broken, and then refuses the record once. */
final class Bounds {
    private final List<SettingProblem> broken = new ArrayList<>();

    /** A whole number from {@code lowest} to {@code highest}; null is no problem. */
    Bounds between(String key, @Nullable Integer value, int lowest, int highest) {
        return require(
                value == null || (value >= lowest && value <= highest),
                key,
                String.valueOf(value),
                lowest + " to " + highest);
    }

    /** A number from {@code lowest} to {@code highest}; NaN is neither. */
    Bounds share(String key, double value, double lowest, double highest) {
        return require(value >= lowest && value <= highest, key, String.valueOf(value), lowest + " to " + highest);
    }

    /** More than nothing and at most {@code longest}; null is no problem. */
    Bounds positive(String key, @Nullable Duration value, Duration longest) {
        if (value == null || (!value.isNegative() && !value.isZero() && value.compareTo(longest) <= 0)) {
            return this;
        }
        boolean tooShort = value.isNegative() || value.isZero();
        return require(
                false, key, DurationText.format(value), tooShort ? "> 0s" : "at most " + DurationText.format(longest));
    }

    /** At most {@code most} elements. */
    Bounds size(String key, Collection<?> values, int most) {
        return require(values.size() <= most, key, values.size() + " entries", "at most " + most + " entries");
    }

    /** Every element keeps the rule; each one that breaks it is told. */
    <T> Bounds each(String key, Collection<T> values, Predicate<T> rule, Function<T, String> shown, String expected) {
        values.stream()
                .filter(rule.negate())
                .forEach(value -> broken.add(SettingProblem.outOfBounds(key, shown.apply(value), expected)));
        return this;
    }

    /** Not blank. */
    Bounds present(String key, String value) {
        return require(!value.isBlank(), key, "empty", "a value");
    }

    /** Any other rule. */
    Bounds require(boolean holds, String key, String value, String expected) {
        if (!holds) {
            broken.add(SettingProblem.outOfBounds(key, value, expected));
        }
        return this;
    }

    /** Throws if anything was broken. */
    void check() {
        if (!broken.isEmpty()) {
            throw new ConfigException(broken);
        }
    }
}
