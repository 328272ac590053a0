package io.posthorn.benchmarks.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The method: bare, service, bare, and so on. A round is a measurement with the bare ones on either side of it; it is
 * dropped and repeated when those two differ by more than {@value #DRIFT} of the larger, because the machine changed its
 * speed meanwhile. There are at most as many repeats as rounds wanted; when they do not suffice, all rounds count and the
 * outcome is not steady.
 *
 * @param kept the rounds that count
 * @param dropped how many do not
 * @param steady whether as many agreed as were wanted
 */
public record Rounds<S>(List<Round<S>> kept, int dropped, boolean steady) {
    /** By how much two bare measurements of a round may differ. */
    public static final double DRIFT = 0.05;

    public Rounds {
        kept = List.copyOf(kept);
    }

    /** One measurement between two bare ones, which are in requests a second. */
    public record Round<S>(double bareBefore, S service, double bareAfter) {
        /** The mean of the two. */
        public double bare() {
            return (bareBefore + bareAfter) / 2;
        }
    }

    /** Something that is measured anew at each call. */
    public interface Measurement<T> {
        /** Measures it. */
        T measure() throws Exception;
    }

    /** Measures so many rounds that agree. */
    public static <S> Rounds<S> measure(int wanted, Measurement<Double> bare, Measurement<S> service) throws Exception {
        List<Round<S>> all = new ArrayList<>();
        List<Round<S>> agreed = new ArrayList<>();
        double before = bare.measure();
        while (agreed.size() < wanted && all.size() < 2 * wanted) {
            S measured = service.measure();
            double after = bare.measure();
            Round<S> round = new Round<>(before, measured, after);
            all.add(round);
            if (Statistics.agree(before, after, DRIFT)) {
                agreed.add(round);
            }
            before = after;
        }
        boolean steady = agreed.size() == wanted;
        return new Rounds<>(steady ? agreed : all, all.size() - agreed.size(), steady);
    }

    /** A figure of every round that counts. */
    public List<Double> values(ToDoubleFunction<Round<S>> figure) {
        return kept.stream().map(figure::applyAsDouble).toList();
    }
}
