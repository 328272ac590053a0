package io.posthorn.contract;

import java.util.List;

/** An entity as a caller wants it, to be checked before it is stored. */
public record EntityDraft(Entity entity) {
    /** All that is wrong with it; empty when it may be stored. */
    public record Verdict(List<Problem> problems) {
        public Verdict {
            problems = Copies.list(problems);
        }
    }
}
