package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ErrorCode;
import io.posthorn.testkit.Futures;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class GateTest {
    private final Gate gate = new Gate();

    @Test
    void letsNobodyInBeforeItIsOpened() {
        assertThat(Futures.codeOf(gate.through(Future::succeededFuture))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void isEmptyWhenTheLastCallThatWasInsideHasEnded() {
        // Given
        gate.open();
        Promise<Void> one = Promise.promise();
        Promise<Void> other = Promise.promise();
        Future<Void> first = gate.through(one::future);
        Future<Void> second = gate.through(other::future);

        // When
        Future<Void> empty = gate.shut();
        one.complete();
        boolean tooEarly = empty.isComplete();
        other.fail("broken");

        // Then
        assertThat(tooEarly).isFalse();
        assertThat(empty.succeeded()).isTrue();
        assertThat(first.succeeded()).isTrue();
        assertThat(second.failed()).isTrue();
        assertThat(gate.through(Future::succeededFuture).failed()).isTrue();
    }

    @Test
    void canBeOpenedAgain() {
        // Given
        gate.open();
        Futures.resultOf(gate.shut());

        // When
        gate.open();

        // Then
        assertThat(gate.through(() -> Future.succeededFuture(1)).result()).isEqualTo(1);
    }
}
