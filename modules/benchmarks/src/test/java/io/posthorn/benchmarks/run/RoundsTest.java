package io.posthorn.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final double DRIFT = 0.05;

    @Test
    void aYardstickServesTheRoundBeforeItAndTheRoundAfterIt() throws Exception {
        // When
        Rounds<Double> rounds = rounds(2, List.of(100.0, 98.0, 100.0), List.of(40.0, 50.0));

        // Then
        assertThat(rounds.kept())
                .containsExactly(new Rounds.Round<>(100.0, 40.0, 98.0), new Rounds.Round<>(98.0, 50.0, 100.0));
        assertThat(rounds.steady()).isTrue();
        assertThat(rounds.note()).isEmpty();
    }

    @Test
    void aRoundBetweenYardsticksThatDifferIsRepeated() throws Exception {
        // When
        Rounds<Double> rounds = rounds(1, List.of(100.0, 80.0, 82.0), List.of(40.0, 50.0));

        // Then
        assertThat(rounds.kept()).containsExactly(new Rounds.Round<>(80.0, 50.0, 82.0));
        assertThat(rounds.dropped()).isEqualTo(1);
        assertThat(rounds.steady()).isTrue();
        assertThat(rounds.note()).hasValueSatisfying(note -> assertThat(note).contains("1 rounds", "5 %", "repeated"));
    }

    @Test
    void repeatsEndAndThenAllRoundsCount() throws Exception {
        // When: of twice as many rounds as wanted, only one agrees
        Rounds<Double> rounds = rounds(2, List.of(100.0, 50.0, 100.0, 99.0, 10.0), List.of(1.0, 2.0, 3.0, 4.0));

        // Then
        assertThat(rounds.measured(value -> value)).containsExactly(1.0, 2.0, 3.0, 4.0);
        assertThat(rounds.dropped()).isEqualTo(3);
        assertThat(rounds.steady()).isFalse();
        assertThat(rounds.note()).hasValueSatisfying(note -> assertThat(note).contains("3 rounds", "mean little"));
    }

    @Test
    void aRatioIsByTheMeanOfBothYardsticks() {
        assertThat(new Rounds.Round<>(98.0, 50.0, 102.0).ratio(value -> value)).isEqualTo(0.5);
    }

    private static Rounds<Double> rounds(int wanted, List<Double> yardsticks, List<Double> measured) throws Exception {
        Deque<Double> nextYardstick = new ArrayDeque<>(yardsticks);
        Deque<Double> nextMeasured = new ArrayDeque<>(measured);
        Rounds<Double> rounds =
                Rounds.measure(wanted, DRIFT, value -> value, nextYardstick::removeFirst, nextMeasured::removeFirst);
        assertThat(nextYardstick).isEmpty();
        assertThat(nextMeasured).isEmpty();
        return rounds;
    }
}
