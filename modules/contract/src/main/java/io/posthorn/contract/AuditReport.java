package io.posthorn.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a recount of a whole store found.
 *
 * @param counted the books as the counters have them
 * @param recorded the same counts, made from the records; records that retention has removed are added as the store
 *     counted them when they went
 * @param differenceCount how many differences there are; at most {@value #MAX_DIFFERENCES} of them are listed
 */
public record AuditReport(
        String engine,
        Instant startedAt,
        Duration took,
        long endpoints,
        long messages,
        long deliveries,
        long attempts,
        Books counted,
        Books recorded,
        long differenceCount,
        List<Difference> differences) {
    /** The most differences that are listed. */
    public static final int MAX_DIFFERENCES = 1_000;

    public AuditReport {
        differences = Copies.list(differences);
    }

    /** Whether everything agrees, or agrees now that it was mended. */
    public boolean clean() {
        return differences.stream().allMatch(Difference::mended) && differenceCount <= differences.size();
    }

    /** What can be wrong. */
    public enum Kind {
        /** A record is there, but an index that should lead to it does not. */
        LOST_INDEX_ENTRY,
        /** An index leads to a record that is not there, or that belongs elsewhere. */
        DANGLING_INDEX_ENTRY,
        /** A record belongs to something that is not there. */
        ORPHANED_RECORD,
        /** A counter is not what the records add up to. */
        WRONG_COUNTER,
        /** A delivery is in two states at once, such as waiting and succeeded. */
        TWO_STATES,
        /** A record cannot be read. */
        UNREADABLE
    }

    /**
     * One difference.
     *
     * @param where the table or index, and the ids
     * @param detail what was found and what was expected
     * @param mended whether it was put right; only ever true when that was asked for
     */
    public record Difference(Kind kind, String where, String detail, boolean mended) {}

    /** Asks for a recount. Answered by {@link Progress}; a second one joins the one that runs. */
    public record Start(boolean repair) {}

    /** Asks how the last recount stands. */
    public record Ask() {}

    /**
     * How a recount stands.
     *
     * @param running whether it is not done yet
     * @param looked records looked at so far
     * @param failure why it failed, or empty
     * @param last the last finished one as a list of none or one
     */
    public record Progress(boolean running, long looked, String failure, List<AuditReport> last) {
        public Progress {
            last = Copies.list(last);
        }
    }
}
