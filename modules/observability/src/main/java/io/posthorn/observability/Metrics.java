package io.posthorn.observability;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.posthorn.contract.Books;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The metrics of a node and their Prometheus text. Any thread. */
public final class Metrics {
    /** The media type of {@link #scrape()}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** A function counter refers weakly to what it counts. */
    private final List<Supplier<Books>> kept = new CopyOnWriteArrayList<>();

    private final Timer loopLag;
    private final MultiGauge applicationDeliveries;
    private final MultiGauge applicationAges;

    /** With the metrics of the JVM and {@code posthorn_info}. */
    public Metrics(String version, String node) {
        // Two names that Prometheus' own linter refuses.
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Gauge.builder("posthorn.info", () -> 1)
                .description("Version and name of this node")
                .tag("version", version)
                .tag("node", node)
                .register(registry);
        applicationDeliveries = MultiGauge.builder("posthorn.application.backlog.deliveries")
                .description("Deliveries that wait, by cause, of the applications that have waited longest")
                .register(registry);
        applicationAges = MultiGauge.builder("posthorn.application.oldest.waiting.age.seconds")
                .description("How long ago the oldest delivery that waits was due, of the same applications")
                .register(registry);
        loopLag = Timer.builder("posthorn.event.loop.lag")
                .description("How late the timers of an event loop were")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(registry);
    }

    /** Where components register their own. */
    public MeterRegistry registry() {
        return registry;
    }

    /** All metrics as Prometheus text. */
    public String scrape() {
        return registry.scrape();
    }

    /** How late a timer of an event loop came. */
    public void eventLoopLag(long nanos) {
        loopLag.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    /** Registers the counts of the books; the supplier is asked at each scrape and must not block. */
    public void bindBooks(Supplier<Books> books) {
        kept.add(books);
        // Prometheus keeps the suffix "created" for itself.
        counter("appended", "Deliveries made", books, b -> b.get().created());
        counter(
                "succeeded",
                "Deliveries that reached their receiver",
                books,
                b -> b.get().succeeded());
        counter(
                "failed",
                "Deliveries whose retry policy ended",
                books,
                b -> b.get().failed());
        counter(
                "cancelled",
                "Deliveries that were cancelled",
                books,
                b -> b.get().cancelled());
        gauge("waiting", "Deliveries that wait", books, b -> b.get().waiting());
        gauge(
                "in.flight",
                "Deliveries that a dispatcher holds",
                books,
                b -> b.get().inFlight());
    }

    /** Registers the age of the oldest due delivery that waits for a cause; the supplier must not block. */
    public void bindOldestWaiting(String cause, Supplier<Double> ageSeconds) {
        Gauge.builder("posthorn.oldest.waiting.age.seconds", ageSeconds, age -> age.get())
                .description("How long ago the oldest delivery that waits was due")
                .strongReference(true)
                .tag("cause", cause)
                .register(registry);
    }

    /** Registers how many deliveries wait for a cause; the supplier must not block. */
    public void bindWaiting(String cause, Supplier<Double> deliveries) {
        Gauge.builder("posthorn.backlog.deliveries", deliveries, count -> count.get())
                .description("Deliveries that wait, by cause")
                .strongReference(true)
                .tag("cause", cause)
                .register(registry);
    }

    /** One value of a metric that has one for each application and cause. */
    public record OfApplication(String application, String cause, double value) {}

    /**
     * Shows what waits of some applications, in place of those of before.
     *
     * @param deliveries how many wait, one item for each application and cause
     * @param ageSeconds how long ago the oldest of them was due
     */
    public void showApplications(List<OfApplication> deliveries, List<OfApplication> ageSeconds) {
        applicationDeliveries.register(rows(deliveries), true);
        applicationAges.register(rows(ageSeconds), true);
    }

    private static List<MultiGauge.Row<?>> rows(List<OfApplication> values) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (OfApplication one : values) {
            rows.add(MultiGauge.Row.of(Tags.of("application", one.application(), "cause", one.cause()), one.value()));
        }
        return rows;
    }

    /** Registers how many background tasks run; the supplier must not block. */
    public void bindTasks(Supplier<Double> running) {
        gauge("posthorn.tasks.running", "Background tasks that have not ended", running);
    }

    /**
     * Registers what is known of the last recount of the store, which a node forgets when it stops. The suppliers must
     * not block.
     *
     * @param running 1 while one runs, else 0
     * @param differences what the last one found and did not mend; NaN before the first
     * @param ageSeconds how long ago the last one ended; NaN before the first
     */
    public void bindAudit(Supplier<Double> running, Supplier<Double> differences, Supplier<Double> ageSeconds) {
        gauge("posthorn.audit.running", "Whether the store is being recounted", running);
        gauge("posthorn.audit.differences", "What the last recount found and did not mend", differences);
        gauge("posthorn.audit.age.seconds", "How long ago the last recount ended", ageSeconds);
    }

    private void gauge(String name, String help, Supplier<Double> value) {
        Gauge.builder(name, value, Supplier::get)
                .description(help)
                .strongReference(true)
                .register(registry);
    }

    private void counter(String name, String help, Supplier<Books> books, ToDoubleFunction<Supplier<Books>> count) {
        FunctionCounter.builder("posthorn.deliveries." + name, books, count)
                .description(help)
                .register(registry);
    }

    private void gauge(String name, String help, Supplier<Books> books, ToDoubleFunction<Supplier<Books>> count) {
        Gauge.builder("posthorn.deliveries." + name, books, count)
                .description(help)
                .strongReference(true)
                .register(registry);
    }
}
