package io.posthorn.chaos.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the receivers got and meant to acknowledge, by {@code webhook-id}. Any thread. */
public final class Receipts {
    private final Map<Pair, List<Receipt>> byPair = new ConcurrentHashMap<>();
    private final LongAdder repeats = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile long latest = System.nanoTime();

    /** One request for a pair, in nanoseconds of this process; its end is {@link Long#MAX_VALUE} while it is open. */
    public static final class Receipt {
        private final long begin = System.nanoTime();
        private volatile long end = Long.MAX_VALUE;

        private Receipt() {}

        /** When the request was complete. */
        public long begin() {
            return begin;
        }

        /** When its answer was written, or could not be. */
        public long end() {
            return end;
        }

        void answered() {
            end = System.nanoTime();
        }
    }

    Receipt add(Pair pair) {
        Receipt receipt = new Receipt();
        latest = receipt.begin();
        byPair.compute(pair, (key, before) -> {
            if (before == null) {
                return List.of(receipt);
            }
            repeats.increment();
            List<Receipt> all = new ArrayList<>(before);
            all.add(receipt);
            return List.copyOf(all);
        });
        return receipt;
    }

    void failed() {
        failures.increment();
    }

    /** When the latest of all receipts began. */
    long latest() {
        return latest;
    }

    /** All receipts of a pair, in order. */
    public List<Receipt> of(Pair pair) {
        return byPair.getOrDefault(pair, List.of());
    }

    /** Every pair that came at least once. */
    public Set<Pair> pairs() {
        return byPair.keySet();
    }

    /** How many pairs came at least once. */
    public int distinct() {
        return byPair.size();
    }

    /** How many requests came for pairs that had come before. */
    public long repeats() {
        return repeats.sum();
    }

    /** How many requests the receivers failed on purpose. */
    public long failures() {
        return failures.sum();
    }

    /** The pairs with a receipt that was open at some time from {@code grace} before the one moment to the other. */
    List<Pair> openBetween(long from, long to, Duration grace) {
        long earliest = from - grace.toNanos();
        List<Pair> open = new ArrayList<>();
        byPair.forEach((pair, receipts) -> {
            if (receipts.stream().anyMatch(one -> one.end() >= earliest && one.begin() <= to)) {
                open.add(pair);
            }
        });
        return open;
    }
}
