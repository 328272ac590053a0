package io.posthorn.config;

import java.util.List;
import java.util.Locale;

/** Metrics and logs. */
public record ObservabilityConfig(
        @Setting(
                env = "ENABLE_METRICS",
                key = "observability.metrics",
                doc = "Whether metrics are gathered and served.")
        boolean metrics,

        @Setting(env = "WEBHOOK_LOG_FORMAT", key = "observability.logFormat", doc = "Log lines as text or json.")
        LogFormat logFormat,

        @Setting(
                env = "WEBHOOK_LOG_LEVEL",
                key = "observability.logLevel",
                doc = "The lowest level that is logged: trace, debug, info, warn or error.")
        String logLevel) {
    private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error");

    public ObservabilityConfig {
        logLevel = logLevel.strip().toLowerCase(Locale.ROOT);
        new Bounds()
                .require(LEVELS.contains(logLevel), "observability.logLevel", logLevel, String.join(", ", LEVELS))
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static ObservabilityConfig defaults() {
        return new ObservabilityConfig(true, LogFormat.TEXT, "info");
    }
}
