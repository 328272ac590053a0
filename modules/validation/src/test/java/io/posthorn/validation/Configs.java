package io.posthorn.validation;

import io.posthorn.config.ValidationConfig;
import java.time.Duration;

/** Settings of tests. */
final class Configs {
    private Configs() {}

    /** Other limits than the default ones. */
    static ValidationConfig of(int maxPayloadBytes, int maxDepth, boolean httpsOnly) {
        return new ValidationConfig(
                maxPayloadBytes, maxDepth, httpsOnly, 256 * 1024, 16 * 1024 * 1024, 2, 1_000, Duration.ofSeconds(2));
    }

    /** The default limits, but time enough for a machine that does other things too: only steps end a check. */
    static ValidationConfig patient() {
        return new ValidationConfig(
                1024 * 1024, 200, false, 256 * 1024, 16 * 1024 * 1024, 2, 1_000, Duration.ofMinutes(1));
    }
}
