package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.EndpointId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnderWayTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final EndpointId ENDPOINT = EndpointId.at(1);
    private static final EndpointId OTHER = EndpointId.at(2);

    private final Steps timers = new Steps();
    private final UnderWay underWay = new UnderWay(timers, LIMIT, () -> timers.nanos, new SlowReceivers(1));
    private final List<String> ended = new ArrayList<>();

    @Test
    void attemptExpiresWhenItsTimeIsOverAndNotBefore() {
        // Given
        Attempt attempt = begin("one");

        // When
        timers.pass(LIMIT.minusMillis(1));
        List<String> before = List.copyOf(ended);
        timers.pass(Duration.ofMillis(1));

        // Then
        assertThat(before).isEmpty();
        assertThat(ended).containsExactly("expired one");
        underWay.remove(attempt);
        assertThat(underWay.mustWait(ENDPOINT)).isFalse();
    }

    @Test
    void oneTimerServesAllAndNoneRunsWhenNothingIsUnderWay() {
        // Given
        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            attempts.add(begin("attempt " + i));
            timers.pass(Duration.ofMillis(1));
        }
        int running = timers.running();

        // When
        attempts.forEach(underWay::remove);
        timers.pass(LIMIT);

        // Then
        assertThat(running).isEqualTo(1);
        assertThat(timers.running()).isZero();
        assertThat(ended).isEmpty();
    }

    @Test
    void eachExpiresAtItsOwnTime() {
        // Given
        Attempt unused = begin("first");
        timers.pass(Duration.ofSeconds(10));
        Attempt unusedToo = begin("second");

        // When
        timers.pass(LIMIT.minusSeconds(10));
        List<String> atFirst = List.copyOf(ended);
        timers.pass(Duration.ofSeconds(10));

        // Then
        assertThat(atFirst).containsExactly("expired first");
        assertThat(ended).containsExactly("expired first", "expired second");
    }

    @Test
    void endpointIsSlowOnceAnAttemptHasGoneOnForLongAndNoMoreWhenItIsOver() {
        // Given
        Attempt attempt = begin("one");

        // When
        timers.pass(UnderWay.SLOW.minusMillis(1));
        boolean before = underWay.mustWait(ENDPOINT);
        timers.pass(Duration.ofMillis(1));
        boolean after = underWay.mustWait(ENDPOINT);
        underWay.remove(attempt);

        // Then
        assertThat(before).isFalse();
        assertThat(after).isTrue();
        assertThat(underWay.mustWait(ENDPOINT)).isFalse();
    }

    @Test
    void endpointIsFoundSlowInTimeThoughOnlyASlowAttemptWasWatchedBefore() {
        // Given
        Attempt unused = begin("hangs");
        timers.pass(UnderWay.SLOW.plusMillis(500));
        Attempt other = new Attempt("another", OTHER, () -> {});
        underWay.add(other);

        // When
        timers.pass(UnderWay.SLOW);

        // Then
        assertThat(underWay.mustWait(OTHER)).isTrue();
    }

    @Test
    void whatBeginsWhileAnotherExpiresIsWatched() {
        // Given
        Attempt unused = new Attempt("one", ENDPOINT, () -> {
            Attempt unusedToo = begin("two");
        });
        underWay.add(unused);

        // When
        timers.pass(LIMIT);
        timers.pass(LIMIT);

        // Then
        assertThat(ended).containsExactly("expired one", "expired two");
    }

    @Test
    void abortsYoungAndSlowOnes() {
        // Given
        Attempt unused = begin("slow");
        timers.pass(UnderWay.SLOW);
        Attempt unusedToo = begin("young");

        // When
        underWay.abortAll();

        // Then
        assertThat(ended).containsExactly("aborted slow", "aborted young");
    }

    private Attempt begin(String name) {
        Attempt attempt = new Attempt(name, ENDPOINT, () -> {});
        underWay.add(attempt);
        return attempt;
    }

    private final class Attempt implements UnderWay.Timed {
        private final String name;
        private final EndpointId endpoint;
        private final Runnable onEnd;
        private final long started = timers.nanos;

        Attempt(String name, EndpointId endpoint, Runnable onEnd) {
            this.name = name;
            this.endpoint = endpoint;
            this.onEnd = onEnd;
        }

        @Override
        public EndpointId endpoint() {
            return endpoint;
        }

        @Override
        public long startedNanos() {
            return started;
        }

        @Override
        public void expire() {
            ended.add("expired " + name);
            onEnd.run();
        }

        @Override
        public void abort() {
            ended.add("aborted " + name);
            underWay.remove(this);
        }
    }

    /** Time that passes by a millisecond at a time. */
    private static final class Steps implements Timers {
        private final List<Due> due = new ArrayList<>();
        private long nanos;
        private long ids;

        private record Due(long id, long at, Runnable task) {}

        @Override
        public long after(long millis, Runnable task) {
            due.add(new Due(++ids, nanos + TimeUnit.MILLISECONDS.toNanos(millis), task));
            return ids;
        }

        @Override
        public void cancel(long timer) {
            due.removeIf(one -> one.id() == timer);
        }

        @Override
        public void atEndOfTurn(Runnable task) {
            throw new IllegalStateException("not needed");
        }

        int running() {
            return due.size();
        }

        void pass(Duration time) {
            for (long i = 0; i < time.toMillis(); i++) {
                nanos += TimeUnit.MILLISECONDS.toNanos(1);
                List<Due> now = due.stream().filter(one -> one.at() <= nanos).toList();
                due.removeAll(now);
                now.forEach(one -> one.task().run());
            }
        }
    }
}
