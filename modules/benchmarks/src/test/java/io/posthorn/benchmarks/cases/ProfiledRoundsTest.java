package io.posthorn.benchmarks.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.benchmarks.run.StageCost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfiledRoundsTest {
    @Test
    void redisCommandsGoByTheirCostAndSmallOnesTogether() {
        // Given
        List<Map<String, Double>> rounds = List.of(
                Map.of("zadd", 10.0, "rest", 60.0, "ping", 0.1, "info", 0.2),
                Map.of("zadd", 12.0, "rest", 58.0, "ping", 0.2));

        // When
        List<StageCost> costs = ProfiledRounds.redisCosts(rounds);

        // Then
        assertThat(costs.stream().map(StageCost::stage)).containsExactly("rest", "zadd", "below 1 % each");
        assertThat(costs.get(1).cpu().values()).containsExactly(10.0, 12.0);
        assertThat(costs.get(2).cpu().median()).isBetween(0.24, 0.26);
        assertThat(costs).allMatch(cost -> cost.allocated().isEmpty());
    }

    @Test
    void theProfileIsNoneOfTheShortCases() {
        assertThat(Cases.all().get("profile")).isNotNull().matches(one -> !one.isShort());
    }
}
