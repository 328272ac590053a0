package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.testkit.Futures;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitTest {
    @Test
    void bringsTheAnswersBackInTheOldOrder() {
        // Given
        Split<Integer> split = new Split<>(List.of(1, 2, 3, 4, 5), number -> number % 2 == 0);

        // When
        List<String> answers = Futures.resultOf(split.send(
                even -> Future.succeededFuture(
                        even.stream().map(n -> "even " + n).toList()),
                odd -> Future.succeededFuture(odd.stream().map(n -> "odd " + n).toList())));

        // Then
        assertThat(answers).containsExactly("odd 1", "even 2", "odd 3", "even 4", "odd 5");
    }

    @Test
    void doesNotAskForAPartWithoutItems() {
        // Given
        Split<Integer> split = new Split<>(List.of(1, 3), number -> number % 2 == 0);

        // When
        List<Integer> answers =
                Futures.resultOf(split.send(even -> Future.failedFuture("asked for nothing"), Future::succeededFuture));

        // Then
        assertThat(answers).containsExactly(1, 3);
        assertThat(split.anyFirst()).isFalse();
    }

    @Test
    void failsWhenOnePartFails() {
        // Given
        Split<Integer> split = new Split<>(List.of(1, 2), number -> number % 2 == 0);

        // When
        Future<List<Integer>> answers = split.send(even -> Future.failedFuture("broken"), Future::succeededFuture);

        // Then
        assertThat(Futures.failureOf(answers)).hasMessage("broken");
    }
}
