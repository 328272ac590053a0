package io.posthorn.storage;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** A batch of which a part goes one way and the rest another, and whose answers come together in the old order. */
final class Split<Q> {
    private final BitSet chosen = new BitSet();
    private final List<Q> first = new ArrayList<>();
    private final List<Q> second = new ArrayList<>();

    Split(List<Q> items, Predicate<Q> isFirst) {
        for (int i = 0; i < items.size(); i++) {
            Q item = items.get(i);
            chosen.set(i, isFirst.test(item));
            (chosen.get(i) ? first : second).add(item);
        }
    }

    boolean anyFirst() {
        return !first.isEmpty();
    }

    /** Fails when either fails; a part without items is not asked. */
    <R> Future<List<R>> send(
            Function<List<Q>, Future<List<R>>> firstWay, Function<List<Q>, Future<List<R>>> secondWay) {
        Future<List<R>> one = first.isEmpty() ? Future.succeededFuture(List.of()) : firstWay.apply(first);
        Future<List<R>> other = second.isEmpty() ? Future.succeededFuture(List.of()) : secondWay.apply(second);
        return Future.join(one, other).map(both -> merged(one.result(), other.result()));
    }

    private <R> List<R> merged(List<R> one, List<R> other) {
        Iterator<R> ones = one.iterator();
        Iterator<R> others = other.iterator();
        List<R> all = new ArrayList<>(first.size() + second.size());
        for (int i = 0; i < first.size() + second.size(); i++) {
            all.add(chosen.get(i) ? ones.next() : others.next());
        }
        return all;
    }
}
