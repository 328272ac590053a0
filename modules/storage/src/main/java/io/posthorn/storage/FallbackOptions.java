package io.posthorn.storage;

import java.time.Duration;

/**
 * How a {@link FallbackEngine} behaves.
 *
 * @param openDeadline how long the primary may take to be opened, or to answer whether it is there
 * @param awayAfter how long it must be away before the spare takes its place; until then calls fail
 * @param watchPeriod how often its health is looked at
 * @param probeMin the first pause before it is tried again; doubled each time up to {@code probeMax}
 * @param mirrorPeriod how often its directory is copied into the spare
 */
public record FallbackOptions(
        Duration openDeadline,
        Duration awayAfter,
        Duration watchPeriod,
        Duration probeMin,
        Duration probeMax,
        Duration mirrorPeriod) {
    /** For a node in earnest. */
    public static FallbackOptions defaults() {
        return new FallbackOptions(
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
    }
}
