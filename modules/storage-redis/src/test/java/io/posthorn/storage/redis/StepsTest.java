package io.posthorn.storage.redis;

import static io.posthorn.testkit.Futures.failureOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepsTest {
    @Test
    void aMillionStepsThatAreDoneAtOnceNeedNoStack() {
        int[] run = {0};

        resultOf(Steps.whileMore(() -> Future.succeededFuture(++run[0] < 1_000_000)));

        assertThat(run[0]).isEqualTo(1_000_000);
    }

    @Test
    void nextStepWaitsForTheOneBefore() {
        // Given
        List<Promise<Void>> begun = new ArrayList<>();
        Future<Void> all = Steps.forEach(List.of(1, 2), item -> {
            begun.add(Promise.promise());
            return begun.get(begun.size() - 1).future();
        });

        // Then
        assertThat(begun).hasSize(1);
        begun.get(0).complete();
        assertThat(begun).hasSize(2);
        assertThat(all.isComplete()).isFalse();
        begun.get(1).complete();
        assertThat(all.succeeded()).isTrue();
    }

    @Test
    void firstFailureEndsIt() {
        List<Integer> run = new ArrayList<>();
        Future<Void> failed = Steps.forEach(List.of(1, 2, 3), item -> {
            run.add(item);
            return item == 2 ? Future.failedFuture("broken") : Future.succeededFuture();
        });
        Future<Void> thrown = Steps.whileMore(() -> {
            throw new IllegalStateException("thrown");
        });

        assertThat(failureOf(failed)).hasMessage("broken");
        assertThat(run).containsExactly(1, 2);
        assertThat(failureOf(thrown)).hasMessage("thrown");
    }

    @Test
    void nothingToDoIsDone() {
        assertThat(Steps.forEach(List.of(), item -> Future.failedFuture("run")).succeeded())
                .isTrue();
    }
}
