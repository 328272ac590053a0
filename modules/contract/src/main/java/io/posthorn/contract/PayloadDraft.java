package io.posthorn.contract;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** A payload that is to be held against the JSON Schema of its event type, as that stands now. */
public record PayloadDraft(OrganizationId organization, String eventType, Buffer payload) {
    /** Where it differs from the schema; empty when it may be accepted. */
    public record Verdict(List<Problem> problems) {
        public Verdict {
            problems = Copies.list(problems);
        }
    }
}
