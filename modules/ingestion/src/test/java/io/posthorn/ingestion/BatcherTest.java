package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatcherTest {
    private final ArrayDeque<Runnable> turns = new ArrayDeque<>();
    private final List<List<String>> sent = new ArrayList<>();
    private final List<Promise<List<String>>> answers = new ArrayList<>();

    private Batcher<String, String> batcher(int items, int weight, int underWay) {
        return new Batcher<>(
                new Batcher.Limits(items, weight, underWay),
                String::length,
                batch -> {
                    sent.add(batch);
                    Promise<List<String>> answer = Promise.promise();
                    answers.add(answer);
                    return answer.future();
                },
                turns::add);
    }

    private void turn() {
        while (!turns.isEmpty()) {
            turns.remove().run();
        }
    }

    @Test
    void whatComesInOneTurnGoesInOneBatch() {
        Batcher<String, String> batcher = batcher(10, 100, 1);
        Future<String> a = batcher.submit("a");
        Future<String> b = batcher.submit("b");
        assertThat(sent).isEmpty();
        turn();
        assertThat(sent).containsExactly(List.of("a", "b"));
        answers.get(0).complete(List.of("A", "B"));
        assertThat(a.result()).isEqualTo("A");
        assertThat(b.result()).isEqualTo("B");
    }

    @Test
    void whatComesWhileOneIsUnderWayGoesInTheNext() {
        Batcher<String, String> batcher = batcher(10, 100, 1);
        Future<String> first = batcher.submit("a");
        turn();
        Future<String> b = batcher.submit("b");
        turn();
        Future<String> c = batcher.submit("c");
        turn();
        assertThat(sent).hasSize(1);
        answers.get(0).complete(List.of("A"));
        assertThat(first.result()).isEqualTo("A");
        assertThat(sent).containsExactly(List.of("a"), List.of("b", "c"));
        assertThat(List.of(b, c)).noneMatch(Future::isComplete);
    }

    @Test
    void batchesAreBoundedInItemsAndWeight() {
        Batcher<String, String> batcher = batcher(2, 4, 5);
        List<Future<String>> all = new ArrayList<>();
        for (String item : List.of("a", "b", "c", "dddddddd", "eee", "ff")) {
            all.add(batcher.submit(item));
        }
        turn();
        assertThat(sent)
                .containsExactly(List.of("a", "b"), List.of("c"), List.of("dddddddd"), List.of("eee"), List.of("ff"));
        assertThat(all).noneMatch(Future::isComplete);
    }

    @Test
    void aFailureReachesAllOfItsBatchAndTheNextGoesOn() {
        Batcher<String, String> batcher = batcher(2, 4, 1);
        Future<String> a = batcher.submit("a");
        Future<String> b = batcher.submit("b");
        Future<String> c = batcher.submit("c");
        turn();
        answers.get(0).fail("broken");
        assertThat(a.failed()).isTrue();
        assertThat(b.failed()).isTrue();
        answers.get(1).complete(List.of("too", "many"));
        assertThat(c.failed()).isTrue();
    }
}
