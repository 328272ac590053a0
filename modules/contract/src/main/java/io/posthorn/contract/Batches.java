package io.posthorn.contract;

import java.util.List;

/** Several things in one bus message, in order; the answer has as many items in the same order. */
public final class Batches {
    private Batches() {}

    /** Events to accept. */
    public record Appends(List<NewMessage> items) {
        public Appends {
            items = Copies.list(items);
        }
    }

    /** What became of each. */
    public record AppendResults(List<AppendOutcome> items) {
        public AppendResults {
            items = Copies.list(items);
        }
    }

    /** Results to store. */
    public record Settlements(List<Settlement> items) {
        public Settlements {
            items = Copies.list(items);
        }
    }

    /** What each did. */
    public record SettleResults(List<SettleOutcome> items) {
        public SettleResults {
            items = Copies.list(items);
        }
    }

    /** Changes to queues, done in order. */
    public record Controls(List<QueueControl> items) {
        public Controls {
            items = Copies.list(items);
        }
    }

    /** Message bodies to check. */
    public record Drafts(List<MessageDraft> items) {
        public Drafts {
            items = Copies.list(items);
        }
    }

    /** The verdict on each. */
    public record CheckResults(List<CheckOutcome> items) {
        public CheckResults {
            items = Copies.list(items);
        }
    }

    /** Permits wanted, an endpoint an item. */
    public record PermitRequests(List<PermitRequest> items) {
        public PermitRequests {
            items = Copies.list(items);
        }
    }

    /** What each got. */
    public record PermitGrants(List<PermitGrant> items) {
        public PermitGrants {
            items = Copies.list(items);
        }
    }
}
