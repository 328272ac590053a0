package io.posthorn.benchmarks.run;

import java.util.List;

/** What is said about the values of several rounds. */
public final class Statistics {
    private Statistics() {}

    /** The middle one; the mean of the two middle ones when their number is even. NaN when there is none. */
    public static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The smallest; NaN when there is none. */
    public static double smallest(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    /** The largest; NaN when there is none. */
    public static double largest(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** Whether two measurements of the same thing differ by no more than that share of the larger one. */
    public static boolean agree(double first, double second, double share) {
        return Math.abs(first - second) <= share * Math.max(first, second);
    }
}
