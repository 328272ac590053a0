package io.posthorn.ingestion;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Gathers single requests into batches: what arrives in the same turn of the event loop, or while as many batches as
 * may be are under way, goes in one. Belongs to one event loop and is used on it only. It is not bounded itself:
 * whoever submits is counted elsewhere.
 */
final class Batcher<Q, R> {
    private final Limits limits;
    private final ToIntFunction<Q> weigher;
    private final Function<List<Q>, Future<List<R>>> sender;
    private final Consumer<Runnable> nextTurn;
    private final ArrayDeque<Waiting<Q, R>> waiting = new ArrayDeque<>();
    private int underWay;
    private boolean scheduled;

    /**
     * How much goes in one batch and how many go at a time.
     *
     * @param maxWeight the most that the items of a batch weigh together, but a batch has at least one
     */
    record Limits(int maxItems, int maxWeight, int maxUnderWay) {}

    private record Waiting<Q, R>(Q item, Promise<R> answer) {}

    /**
     * @param sender sends a batch; its answer has one item for each, in order
     * @param nextTurn runs something after all that the event loop has in hand now
     */
    Batcher(
            Limits limits,
            ToIntFunction<Q> weigher,
            Function<List<Q>, Future<List<R>>> sender,
            Consumer<Runnable> nextTurn) {
        this.limits = limits;
        this.weigher = weigher;
        this.sender = sender;
        this.nextTurn = nextTurn;
    }

    /** Completes with the answer to this item; fails as its batch fails. */
    Future<R> submit(Q item) {
        Promise<R> answer = Promise.promise();
        waiting.add(new Waiting<>(item, answer));
        if (!scheduled && underWay < limits.maxUnderWay()) {
            scheduled = true;
            nextTurn.accept(this::flush);
        }
        return answer.future();
    }

    private void flush() {
        scheduled = false;
        while (!waiting.isEmpty() && underWay < limits.maxUnderWay()) {
            send(nextBatch());
        }
    }

    private List<Waiting<Q, R>> nextBatch() {
        List<Waiting<Q, R>> batch = new ArrayList<>(Math.min(waiting.size(), limits.maxItems()));
        long weight = 0;
        while (!waiting.isEmpty() && batch.size() < limits.maxItems()) {
            weight += weigher.applyAsInt(waiting.element().item());
            if (weight > limits.maxWeight() && !batch.isEmpty()) {
                break;
            }
            batch.add(waiting.remove());
        }
        return batch;
    }

    private void send(List<Waiting<Q, R>> batch) {
        underWay++;
        List<Q> items = new ArrayList<>(batch.size());
        batch.forEach(one -> items.add(one.item()));
        sender.apply(items).onComplete(result -> {
            underWay--;
            if (result.succeeded() && result.result().size() == batch.size()) {
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).answer().complete(result.result().get(i));
                }
            } else {
                Throwable cause = result.failed()
                        ? result.cause()
                        : new IllegalStateException("a batch was answered with another number of items");
                batch.forEach(one -> one.answer().fail(cause));
            }
            flush();
        });
    }
}
