package io.posthorn.config;

import java.time.Duration;

/** The management port. No application is named unless that is asked for: the port asks for no token, and each is some time series. */
public record HealthConfig(
        @Setting(
                env = "WEBHOOK_MANAGEMENT_HOST",
                key = "health.host",
                doc = "The address that the management port listens on.")
        String host,

        @Setting(env = "WEBHOOK_MANAGEMENT_PORT", key = "health.port", doc = "The management port; 0 picks a free one.")
        int port,

        @Setting(
                env = "WEBHOOK_HEALTH_CHECK_TIMEOUT",
                key = "health.checkTimeout",
                doc = "How long a role may take to say how it is.")
        Duration checkTimeout,

        @Setting(
                env = "WEBHOOK_METRICS_APPLICATIONS",
                key = "health.metricsApplications",
                doc = "How many of the applications that have waited longest are named in metrics, by their ids.")
        int metricsApplications) {
    public HealthConfig {
        new Bounds()
                .present("health.host", host)
                .between("health.port", port, 0, 65_535)
                .positive("health.checkTimeout", checkTimeout, Duration.ofMinutes(1))
                .between("health.metricsApplications", metricsApplications, 0, 100)
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static HealthConfig defaults() {
        return new HealthConfig("127.0.0.1", 8072, Duration.ofSeconds(2), 0);
    }
}
