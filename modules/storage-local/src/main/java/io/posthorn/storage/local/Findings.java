package io.posthorn.storage.local;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.AuditReport.Difference;
import io.posthorn.contract.AuditReport.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what an audit found wrong, and has it mended some at a time where that was asked for. One thread. */
final class Findings {
    /** Differences mended in one step of the store. */
    private static final int STEP = 50;

    private final @Nullable Repair repair;
    private final List<Difference> listed = new ArrayList<>();
    private final List<Finding> waiting = new ArrayList<>();
    private long count;

    private record Finding(
            Kind kind,
            String where,
            String detail,
            @Nullable Mend mend) {}

    /** Puts one difference right. Store thread, with nothing else in its group but others of its kind. */
    @FunctionalInterface
    interface Mend {
        /** Looks again, mends if it is still so, and answers whether all is well now. */
        boolean now(Store open, long now, WriteSet writes) throws IOException;
    }

    /** Has mends done by the store, together, and waits for that. */
    @FunctionalInterface
    interface Repair {
        List<Boolean> all(List<Mend> mends) throws IOException;
    }

    /** @param repair null to mend nothing */
    Findings(@Nullable Repair repair) {
        this.repair = repair;
    }

    /** Notes a difference; without a mend it cannot be mended. */
    void add(Kind kind, String where, String detail, @Nullable Mend mend) throws IOException {
        count++;
        waiting.add(new Finding(kind, where, detail, mend));
        if (waiting.size() >= STEP) {
            mendAll();
        }
    }

    /** Mends what was noted and not mended yet. */
    void mendAll() throws IOException {
        List<Mend> mends = new ArrayList<>();
        waiting.forEach(finding -> {
            if (finding.mend() != null) {
                mends.add(finding.mend());
            }
        });
        List<Boolean> mended = repair == null || mends.isEmpty() ? List.of() : repair.all(mends);
        int next = 0;
        for (Finding finding : waiting) {
            boolean right = finding.mend() != null && next < mended.size() && mended.get(next);
            next += finding.mend() == null ? 0 : 1;
            if (listed.size() < AuditReport.MAX_DIFFERENCES) {
                listed.add(new Difference(finding.kind(), finding.where(), finding.detail(), right));
            }
        }
        waiting.clear();
    }

    long count() {
        return count;
    }

    List<Difference> listed() {
        return listed;
    }
}
