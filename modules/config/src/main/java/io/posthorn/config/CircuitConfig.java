package io.posthorn.config;

import java.time.Duration;

/** When the circuit of an endpoint opens, and for how long. */
public record CircuitConfig(
        @Setting(
                env = "CIRCUIT_BREAKER_FAILURE_THRESHOLD",
                key = "circuit.failureThreshold",
                doc =
                        "After how many failures in a row, counted by each dispatcher instance, the circuit of an endpoint opens; 0: never.")
        int failureThreshold,

        @Setting(
                env = "CIRCUIT_BREAKER_TIMEOUT",
                key = "circuit.timeout",
                doc = "How long a circuit stays open before a probe; doubled with each further opening.")
        Duration timeout,

        @Setting(
                env = "WEBHOOK_CIRCUIT_MAX_TIMEOUT",
                key = "circuit.maxTimeout",
                doc = "The longest time between two probes; a circuit that was closed for as long begins anew.")
        Duration maxTimeout) {
    public CircuitConfig {
        new Bounds()
                .between("circuit.failureThreshold", failureThreshold, 0, 10_000)
                .positive("circuit.timeout", timeout, Duration.ofHours(24))
                .positive("circuit.maxTimeout", maxTimeout, Duration.ofHours(24))
                .require(
                        maxTimeout.compareTo(timeout) >= 0,
                        "circuit.maxTimeout",
                        DurationText.format(maxTimeout),
                        "at least circuit.timeout, " + DurationText.format(timeout))
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static CircuitConfig defaults() {
        return new CircuitConfig(10, Duration.ofSeconds(30), Duration.ofMinutes(10));
    }
}
