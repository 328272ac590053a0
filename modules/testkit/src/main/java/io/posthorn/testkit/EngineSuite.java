package io.posthorn.testkit;

import io.posthorn.contract.Settlement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Opens an empty store before each test; checks the books and closes it afterwards. */
public abstract class EngineSuite {
    /** A while in which a retry is due later. */
    static final Duration MINUTE = Duration.ofMinutes(1);

    /** Longer than the leases of {@link EngineDriver}. */
    static final Duration LEASE_AND_MORE = EngineDriver.LEASE.plusSeconds(1);

    EngineFixture fixture;
    EngineDriver store;
    ManualClock clock;
    Fixtures given;

    /** A fixture over a store of its own. */
    protected abstract EngineFixture newFixture();

    @BeforeEach
    void openStore() {
        fixture = newFixture();
        clock = fixture.clock();
        given = new Fixtures(clock);
        store = new EngineDriver(fixture.open(), clock);
    }

    @AfterEach
    void booksBalanceAndStoreCloses() {
        try {
            store.books();
        } finally {
            fixture.close();
        }
    }

    /** Kills the engine and goes on with a new one over the same store. */
    void crash() {
        store = new EngineDriver(fixture.crashAndReopen(), clock);
    }

    static Settlement.Verdict succeeded() {
        return new Settlement.Verdict.Succeeded();
    }

    Settlement.Verdict retryAfter(Duration pause) {
        return new Settlement.Verdict.Retry(clock.instant().plus(pause));
    }

    Instant in(Duration time) {
        return clock.instant().plus(time);
    }
}
