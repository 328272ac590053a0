package io.posthorn.benchmarks.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.testkit.process.RunFailed;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    @Test
    void enoughFreshEventsBesideABacklogCount() {
        assertThatCode(() -> Recovery.requireEnough(50, 1)).doesNotThrowAnyException();
    }

    @Test
    void failsWhenTheBacklogWasGoneBeforeTheLastFreshEvent() {
        assertThatThrownBy(() -> Recovery.requireEnough(400, 0))
                .isInstanceOf(RunFailed.class)
                .hasMessageContaining("the backlog was gone before the last of 400 fresh events")
                .hasMessageContaining("--scale");
    }

    @Test
    void failsWhenTooFewFreshEventsWereAccepted() {
        assertThatThrownBy(() -> Recovery.requireEnough(49, 5_000))
                .isInstanceOf(RunFailed.class)
                .hasMessageContaining("only 49 fresh events")
                .hasMessageContaining("at least 50")
                .hasMessageContaining("--window");
    }

    @Test
    void failsWhenSomeOfTheBacklogNeverCame() {
        assertThatThrownBy(() -> Outage.requireAll(10_000, 9_999))
                .isInstanceOf(RunFailed.class)
                .hasMessage("of 10000 deliveries that waited only 9999 came");
    }

    @Test
    void oneThatComesTwiceIsNoLoss() {
        assertThatCode(() -> Outage.requireAll(10_000, 10_001)).doesNotThrowAnyException();
    }

    @Test
    void isNoneOfTheShortCases() {
        assertThat(Cases.all().get("recovery")).isNotNull().matches(one -> !one.isShort());
    }
}
