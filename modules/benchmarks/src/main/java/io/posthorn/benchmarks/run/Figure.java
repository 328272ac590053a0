package io.posthorn.benchmarks.run;

import java.util.List;
import java.util.Optional;

/**
 * One measured figure of a case.
 *
 * @param name what it is
 * @param unit empty for a ratio
 * @param better which way is better
 * @param values one a round that counted
 * @param goal what issue and design ask for, if they do
 */
public record Figure(String name, String unit, Better better, List<Double> values, Optional<Double> goal) {
    /** Which way is better. */
    public enum Better {
        /** Such as deliveries a second. */
        HIGHER,
        /** Such as a latency. */
        LOWER,
        /** Such as a size that only explains others. */
        NEITHER
    }

    public Figure {
        values = List.copyOf(values);
    }

    /** One without a goal. */
    public static Figure of(String name, String unit, Better better, List<Double> values) {
        return new Figure(name, unit, better, values, Optional.empty());
    }

    /** The same with a goal. */
    public Figure goal(double wanted) {
        return new Figure(name, unit, better, values, Optional.of(wanted));
    }

    /** Of its values. */
    public double median() {
        return Statistics.median(values);
    }

    /** Whether the median reaches the goal; empty without one. */
    public Optional<Boolean> reached() {
        return goal.map(wanted -> better == Better.HIGHER ? median() >= wanted : median() <= wanted);
    }
}
