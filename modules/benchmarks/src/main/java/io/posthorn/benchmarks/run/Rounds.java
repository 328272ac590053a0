package io.posthorn.benchmarks.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The method: the yardstick, what is measured, the yardstick, and so on. A round is a measurement with the yardsticks on
 * either side of it; it is dropped and repeated when those two differ too much, because the machine changed its speed
 * meanwhile. There are at most as many repeats as rounds wanted; when they do not suffice, all rounds count and the
 * outcome is not steady.
 *
 * @param kept the rounds that count
 * @param dropped how many do not
 * @param steady whether as many agreed as were wanted
 * @param drift by which share of the larger two yardsticks of a round may differ
 */
public record Rounds<T>(List<Round<T>> kept, int dropped, boolean steady, double drift) {
    /** For requests a second. */
    public static final double RATE_DRIFT = 0.05;
    /** For times of single requests and starts, which vary more. */
    public static final double TIME_DRIFT = 0.25;

    private static final int PERCENT = 100;

    public Rounds {
        kept = List.copyOf(kept);
    }

    /** One measurement between two of the yardstick. */
    public record Round<T>(T before, T measured, T after) {
        /** The mean of the yardsticks. */
        public double yardstick(ToDoubleFunction<T> figure) {
            return (figure.applyAsDouble(before) + figure.applyAsDouble(after)) / 2;
        }

        /** By how much the measured one is more than the yardstick. */
        public double ratio(ToDoubleFunction<T> figure) {
            return figure.applyAsDouble(measured) / yardstick(figure);
        }
    }

    /** Something that is measured anew at each call. */
    public interface Measurement<T> {
        /** Measures it. */
        T measure() throws Exception;
    }

    /** Measures so many rounds in which the yardsticks agree on that figure. */
    public static <T> Rounds<T> measure(
            int wanted, double drift, ToDoubleFunction<T> figure, Measurement<T> yardstick, Measurement<T> measured)
            throws Exception {
        List<Round<T>> all = new ArrayList<>();
        List<Round<T>> agreed = new ArrayList<>();
        T before = yardstick.measure();
        while (agreed.size() < wanted && all.size() < 2 * wanted) {
            T middle = measured.measure();
            T after = yardstick.measure();
            Round<T> round = new Round<>(before, middle, after);
            all.add(round);
            if (Statistics.agree(figure.applyAsDouble(before), figure.applyAsDouble(after), drift)) {
                agreed.add(round);
            }
            before = after;
        }
        boolean steady = agreed.size() == wanted;
        return new Rounds<>(steady ? agreed : all, all.size() - agreed.size(), steady, drift);
    }

    /** A figure of every round that counts. */
    public List<Double> values(ToDoubleFunction<Round<T>> figure) {
        return kept.stream().map(figure::applyAsDouble).toList();
    }

    /** A figure of what was measured in every round that counts. */
    public List<Double> measured(ToDoubleFunction<T> figure) {
        return values(round -> figure.applyAsDouble(round.measured()));
    }

    /** What is to be said about dropped rounds, if any were. */
    public Optional<String> note() {
        if (dropped == 0) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%d rounds whose two yardsticks differed by more than %.0f %% %s",
                dropped,
                drift * PERCENT,
                steady ? "were repeated" : "were too many: all rounds count, and mean little"));
    }
}
