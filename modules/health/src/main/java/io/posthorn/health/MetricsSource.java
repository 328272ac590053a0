package io.posthorn.health;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Backlog;

/** What the metrics page shows, and what it needs to be told before. */
public interface MetricsSource {
    /** The counts of the store, asked for at most once a second. */
    void update(Backlog backlog);

    /** How the last recount of the store stands, asked for together with the counts. */
    void update(AuditReport.Progress audit);

    /** All metrics as text. */
    String scrape();

    /** The media type of {@link #scrape()}. */
    String contentType();
}
