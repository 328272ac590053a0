package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.posthorn.contract.EndpointId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlowReceiversTest {
    private static final EndpointId SLOW = EndpointId.at(1);
    private static final EndpointId QUICK = EndpointId.at(2);
    private static final long SEED = 11;

    @Test
    void nobodyWaitsBeforeTheShareIsUsed() {
        // Given
        SlowReceivers receivers = new SlowReceivers(3);
        began(receivers, SLOW, 2);

        // When
        receivers.slowed(SLOW);

        // Then
        assertThat(receivers.mustWait(SLOW)).isFalse();
    }

    @Test
    void onlySlowOnesWaitOnceItIs() {
        // Given
        SlowReceivers receivers = new SlowReceivers(3);
        began(receivers, SLOW, 3);
        began(receivers, QUICK, 5);

        // When
        receivers.slowed(SLOW);

        // Then
        assertThat(receivers.mustWait(SLOW)).isTrue();
        assertThat(receivers.mustWait(QUICK)).isFalse();
        assertThat(receivers.mustWait(EndpointId.at(3))).isFalse();
    }

    @Test
    void aPlaceThatComesFreeIsGivenAgain() {
        // Given
        SlowReceivers receivers = new SlowReceivers(3);
        began(receivers, SLOW, 3);
        receivers.slowed(SLOW);

        // When
        receivers.ended(SLOW, false);

        // Then
        assertThat(receivers.mustWait(SLOW)).isFalse();
    }

    @Test
    void countsAsIfItCountedFromTheBeginningEachTime() {
        // Given
        int share = 4;
        SlowReceivers receivers = new SlowReceivers(share);
        SplittableRandom random = new SplittableRandom(SEED);
        List<EndpointId> endpoints = List.of(EndpointId.at(4), EndpointId.at(5), EndpointId.at(6));
        Map<EndpointId, List<Boolean>> model = new HashMap<>();
        endpoints.forEach(endpoint -> model.put(endpoint, new ArrayList<>()));

        for (int i = 0; i < 20_000; i++) {
            // When
            EndpointId endpoint = endpoints.get(random.nextInt(endpoints.size()));
            List<Boolean> attempts = model.get(endpoint);
            int young = attempts.indexOf(false);
            int dice = random.nextInt(3);
            if (dice == 0 && attempts.size() < 4) {
                receivers.began(endpoint);
                attempts.add(false);
            } else if (dice == 1 && young >= 0) {
                receivers.slowed(endpoint);
                attempts.set(young, true);
            } else if (dice == 2 && !attempts.isEmpty()) {
                receivers.ended(endpoint, attempts.remove(random.nextInt(attempts.size())));
            }

            // Then
            int held = model.values().stream()
                    .filter(one -> one.contains(true))
                    .mapToInt(List::size)
                    .sum();
            for (EndpointId one : endpoints) {
                assertThat(receivers.mustWait(one))
                        .as("step %d of seed %d", i, SEED)
                        .isEqualTo(held >= share && model.get(one).contains(true));
            }
        }
    }

    @Test
    void whatDidNotBeginCannotEnd() {
        assertThatIllegalStateException().isThrownBy(() -> new SlowReceivers(1).ended(SLOW, false));
    }

    private static void began(SlowReceivers receivers, EndpointId endpoint, int attempts) {
        for (int i = 0; i < attempts; i++) {
            receivers.began(endpoint);
        }
    }
}
