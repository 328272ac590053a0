package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.TlsOptions;
import io.posthorn.contract.TlsVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnTlsClientsTest {
    private final List<String> made = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final OneTimer timer = new OneTimer();
    private long nanos;
    private final OwnTlsClients<String> clients = new OwnTlsClients<>(this::make, closed::add, timer, () -> nanos);

    private String make(TlsOptions options) {
        made.add(String.valueOf(options.caCertificates()));
        return String.valueOf(options.caCertificates());
    }

    private static TlsOptions options(String ca) {
        return new TlsOptions(null, ca, null);
    }

    @Test
    void equalOptionsShareAClient() {
        assertThat(clients.of(options("a"))).isSameAs(clients.of(options("a")));
        assertThat(clients.of(new TlsOptions(TlsVersion.TLS_1_3, "a", null))).isEqualTo("a");
        assertThat(made).containsExactly("a", "a");
        assertThat(closed).isEmpty();
    }

    @Test
    void ofTooManyTheOneUsedLeastRecentlyIsClosed() {
        // Given
        for (int i = 0; i < OwnTlsClients.MOST; i++) {
            assertThat(clients.of(options("ca" + i))).isNotNull();
        }
        assertThat(clients.of(options("ca0"))).isEqualTo("ca0");

        // When
        assertThat(clients.of(options("another"))).isEqualTo("another");

        // Then
        assertThat(closed).containsExactly("ca1");
        assertThat(clients.removeAll()).hasSize(OwnTlsClients.MOST).contains("ca0", "another");
    }

    @Test
    void whatNobodyUsesIsClosedAndThenNothingIsWatched() {
        // Given
        assertThat(clients.of(options("idle"))).isEqualTo("idle");
        pass(OwnTlsClients.IDLE.dividedBy(2));
        assertThat(clients.of(options("used"))).isEqualTo("used");
        pass(OwnTlsClients.IDLE.dividedBy(2));

        // When
        timer.fire();

        // Then
        assertThat(closed).containsExactly("idle");
        pass(OwnTlsClients.IDLE);
        timer.fire();
        assertThat(closed).containsExactly("idle", "used");
        assertThat(timer.task).isNull();
        assertThat(clients.of(options("idle"))).isEqualTo("idle");
        assertThat(timer.task).isNotNull();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static final class OneTimer implements Timers {
        private @Nullable Runnable task;

        @Override
        public long after(long millis, Runnable newTask) {
            assertThat(task).as("no second timer").isNull();
            assertThat(Duration.ofMillis(millis)).isEqualTo(OwnTlsClients.IDLE);
            task = newTask;
            return 1;
        }

        void fire() {
            Runnable due = task;
            task = null;
            due.run();
        }

        @Override
        public void cancel(long timer) {
            throw new IllegalStateException("not needed");
        }

        @Override
        public void atEndOfTurn(Runnable last) {
            throw new IllegalStateException("not needed");
        }
    }
}
