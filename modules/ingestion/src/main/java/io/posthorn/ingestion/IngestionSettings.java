package io.posthorn.ingestion;

import io.posthorn.config.IngestionConfig;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Sending;
import java.time.Duration;

/**
 * All that ingestion is set to.
 *
 * @param retention how long the payload of an example message is kept
 * @param sending how endpoints are sent to that do not say so themselves, as this node is set
 */
public record IngestionSettings(IngestionConfig config, Duration retention, Sending sending) {
    /** When a failed delivery is tried again where its endpoint does not say. */
    RetryPolicy retryPolicy() {
        return sending.retryPolicy() == null ? RetryPolicy.STANDARD : sending.retryPolicy();
    }
}
