package io.posthorn.chaos.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * When deliveries that were on their way may have to be repeated. At least once means: a delivery is repeated only if
 * its result could not be stored, so each repeat must have been open at a disturbance, and at each of them at most as
 * many are excused as can be in flight.
 */
public final class Disturbances {
    /** How long after its answer a result may still be on its way into the store, on a machine that is busy. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(2);

    private final List<Span> spans = new CopyOnWriteArrayList<>();

    private record Span(long from, long to, int times) {}

    /** From that moment, in nanoseconds of this process, until now; what is in flight may be resent so many times. */
    public void since(long from, int times) {
        spans.add(new Span(from, System.nanoTime(), times));
    }

    /** From one moment to another, which may be yet to come. */
    public void between(long from, long to) {
        spans.add(new Span(from, to, 1));
    }

    /** How many repeats are excused, and those that are not. */
    record Judgement(int allowed, List<String> unexcused) {}

    Judgement judge(Receipts receipts, int maxInFlight) {
        Map<Pair, Integer> excused = new HashMap<>();
        int allowed = 0;
        for (Span span : spans) {
            List<Pair> open = receipts.openBetween(span.from(), span.to(), ON_ITS_WAY);
            allowed += Math.min(open.size(), maxInFlight) * span.times();
            open.forEach(pair -> excused.merge(pair, span.times(), Integer::sum));
        }
        Set<String> unexcused = new HashSet<>();
        for (Pair pair : receipts.pairs()) {
            int repeats = receipts.of(pair).size() - 1;
            if (repeats > excused.getOrDefault(pair, 0)) {
                unexcused.add(describe(pair, receipts.of(pair)));
            }
        }
        return new Judgement(allowed, List.copyOf(unexcused));
    }

    /** When each answer was given, against the disturbance that followed it. */
    private String describe(Pair pair, List<Receipts.Receipt> all) {
        List<String> ends = new ArrayList<>();
        for (Receipts.Receipt one : all) {
            long next = spans.stream()
                    .mapToLong(Span::from)
                    .filter(from -> from >= one.end())
                    .min()
                    .orElse(Long.MIN_VALUE);
            ends.add(
                    next == Long.MIN_VALUE
                            ? "after all disturbances"
                            : (next - one.end()) / 1_000_000 + " ms before a disturbance");
        }
        return pair.message() + " at " + pair.endpoint() + " answered " + ends;
    }
}
