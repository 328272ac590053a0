package io.posthorn.ingestion;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What ingestion counts. Safe for use by several threads. */
final class IngestionMetrics {
    private final MeterRegistry registry;
    private final Counter accepted;
    private final Timer duration;

    IngestionMetrics(MeterRegistry registry, PendingGate gate) {
        this.registry = registry;
        this.accepted = Counter.builder("posthorn.messages.accepted")
                .description("Messages that were stored and answered with success")
                .register(registry);
        this.duration = Timer.builder("posthorn.accept.duration")
                .description("From the head of a message request to its durable acceptance")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(registry);
        gate.show(registry);
    }

    void answered(long nanos, @Nullable Throwable failure) {
        if (failure == null) {
            accepted.increment();
            duration.record(Duration.ofNanos(nanos));
        }
    }

    void rejected(String code) {
        Counter.builder("posthorn.requests.rejected")
                .description("Requests that were answered with an error")
                .tag("code", code)
                .register(registry)
                .increment();
    }
}
