package io.posthorn.testkit;

import org.junit.jupiter.api.Nested;

/** Everything that every storage engine must do. A test class of an engine extends it and makes the fixture. */
public abstract class StorageEngineContract {
    /** A fixture over a store of its own; called once a test. */
    protected abstract EngineFixture newFixture();

    @Nested
    class Appending extends AppendContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Claiming extends ClaimContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Settling extends SettleContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class LimitingWhatIsInFlight extends InFlightContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class BreakingCircuits extends CircuitContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Leasing extends LeaseContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Parking extends ParkContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class CountingPermits extends PermitContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Resending extends ResendContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Removing extends RemovalContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class KeepingTheDirectory extends DirectoryContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class KeepingHistory extends HistoryContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Explaining extends ExplainContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class AddingUpTheBacklog extends BacklogContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Crashing extends CrashContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class WorkingAtOnce extends ConcurrencyContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class FollowingTheModel extends QueueModelContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class WorkingInTheBackground extends TaskContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Retaining extends RetentionContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Auditing extends AuditContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Moving extends TransferContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class Merging extends MergeContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }

    @Nested
    class TakingTurns extends TaskTurnsContract {
        @Override
        protected EngineFixture newFixture() {
            return StorageEngineContract.this.newFixture();
        }
    }
}
