package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Removal;
import io.posthorn.contract.WaitCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits, added up by cause: in total, of one application, and of those that have waited longest. */
public abstract class BacklogContract extends EngineSuite {
    private Application app;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        store.endpoint(app);
    }

    @Test
    void applicationCountsItsOwnBacklogByCause() {
        // Given more endpoints than are looked at in one step, and those of another application
        Application crowd = store.application();
        Application other = store.application();
        store.endpoint(other);
        store.accept(other, 3);
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < 350; i++) {
            endpoints.add(store.endpoint(crowd));
        }
        Instant first = clock.instant();
        store.accept(crowd);
        clock.advance(MINUTE);
        store.accept(crowd);
        store.park(endpoints.get(0), MINUTE, 1);
        resultOf(store.engine()
                .remove(new Removal.OfEndpoint(crowd.id(), endpoints.get(1).id())));
        store.save(endpoints.get(2).withDisabled(true, clock.instant()));

        // When
        Backlog.OfApplication before = backlog(crowd);
        ClaimedDelivery claimed = store.claimAll().stream()
                .filter(one -> one.key().endpoint().equals(endpoints.get(349).id()))
                .findFirst()
                .orElseThrow();
        store.succeed(claimed);
        Backlog.OfApplication after = backlog(crowd);

        // Then
        assertThat(before.at()).isEqualTo(clock.instant());
        assertThat(before.byCause())
                .containsExactlyInAnyOrder(
                        new Backlog.Share(WaitCause.READY, 347, 694, first),
                        new Backlog.Share(WaitCause.RATE_LIMITED, 1, 2, first),
                        new Backlog.Share(WaitCause.ENDPOINT_DISABLED, 1, 2, first));
        assertThat(after.byCause())
                .containsExactlyInAnyOrder(
                        new Backlog.Share(WaitCause.IN_FLIGHT, 347, 693, null),
                        new Backlog.Share(WaitCause.RATE_LIMITED, 1, 2, first),
                        new Backlog.Share(WaitCause.ENDPOINT_DISABLED, 1, 2, first));
        assertThat(backlog(store.application()).byCause()).isEmpty();
    }

    @Test
    void allQueuesTogetherAreCountedWhateverTheirNumber() {
        Instant first = clock.instant();
        for (int i = 0; i < 1_100; i++) {
            store.endpoint(app);
        }
        store.accept(app, 2);

        Backlog all = resultOf(store.engine().backlog());

        assertThat(all.byCause()).containsExactly(new Backlog.Share(WaitCause.READY, 1_101, 2_202, first));
        assertThat(all.books().waiting()).isEqualTo(2_202);
    }

    @Test
    void applicationsThatWaitedLongestAreNamedFirst() {
        Application late = store.application();
        Endpoint busy = store.endpoint(late);
        Application retrying = store.application();
        store.endpoint(retrying);
        store.accept(retrying);
        store.retry(store.claimOne(), MINUTE);
        Instant first = clock.instant();
        store.accept(late, 2);
        store.park(busy, MINUTE.multipliedBy(9), 1);
        clock.advance(Duration.ofSeconds(1));
        store.accept(app);

        Backlog two = resultOf(store.engine().backlog(new Backlog.Ask(2)));
        Backlog one = resultOf(store.engine().backlog(new Backlog.Ask(1)));

        // What is only due later keeps nobody waiting.
        assertThat(two.worst())
                .containsExactly(
                        new Backlog.Part(late.id(), List.of(new Backlog.Share(WaitCause.RATE_LIMITED, 1, 2, first))),
                        new Backlog.Part(app.id(), List.of(new Backlog.Share(WaitCause.READY, 1, 1, clock.instant()))));
        assertThat(one.worst()).extracting(Backlog.Part::application).containsExactly(late.id());
        assertThat(resultOf(store.engine().backlog()).worst()).isEmpty();
    }

    private Backlog.OfApplication backlog(Application application) {
        return resultOf(store.engine().backlog(new Backlog.AskApplication(application.id())));
    }
}
