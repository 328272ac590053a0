package io.posthorn.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.Books;
import io.posthorn.contract.WaitCause;
import io.posthorn.health.MetricsSource;
import io.posthorn.observability.Metrics;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Brings together what the roles measure and the page that shows it. Any thread. */
final class NodeMetrics implements MetricsSource {
    private static final long LAG_PERIOD_MILLIS = 100;

    private final Metrics metrics;
    private final InstantSource clock;
    private final boolean shown;
    private volatile Backlog backlog = new Backlog(Books.EMPTY, List.of());
    private volatile AuditReport.Progress audit = new AuditReport.Progress(false, 0, "", List.of());

    /** @param shown whether the page shows them; if not, it is empty */
    NodeMetrics(Metrics metrics, InstantSource clock, boolean shown) {
        this.metrics = metrics;
        this.clock = clock;
        this.shown = shown;
        metrics.bindBooks(() -> backlog.books());
        metrics.bindTasks(() -> (double) backlog.runningTasks());
        metrics.bindAudit(() -> audit.running() ? 1.0 : 0.0, this::differences, this::auditAgeSeconds);
        for (WaitCause cause : WaitCause.values()) {
            String name = cause.name().toLowerCase(Locale.ROOT);
            metrics.bindOldestWaiting(name, () -> oldestAgeSeconds(cause));
            metrics.bindWaiting(name, () -> deliveries(cause));
        }
    }

    MeterRegistry registry() {
        return metrics.registry();
    }

    /** How many deliveries the dispatchers of this node hold. */
    int inFlight() {
        Gauge held = metrics.registry().find("posthorn.dispatch.in.flight").gauge();
        return held == null ? 0 : (int) held.value();
    }

    /** Measures how late timers come, until Vert.x is closed. */
    void watchEventLoop(Vertx vertx) {
        long[] expected = {System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAG_PERIOD_MILLIS)};
        vertx.setPeriodic(LAG_PERIOD_MILLIS, tick -> {
            long now = System.nanoTime();
            metrics.eventLoopLag(now - expected[0]);
            expected[0] = now + TimeUnit.MILLISECONDS.toNanos(LAG_PERIOD_MILLIS);
        });
    }

    @Override
    public void update(Backlog latest) {
        backlog = latest;
    }

    @Override
    public void update(AuditReport.Progress latest) {
        audit = latest;
    }

    @Override
    public String scrape() {
        if (!shown) {
            return "";
        }
        showApplications();
        return metrics.scrape();
    }

    @Override
    public String contentType() {
        return Metrics.CONTENT_TYPE;
    }

    private void showApplications() {
        List<Metrics.OfApplication> deliveries = new ArrayList<>();
        List<Metrics.OfApplication> ages = new ArrayList<>();
        for (Backlog.Part part : backlog.worst()) {
            for (Backlog.Share share : part.byCause()) {
                String application = part.application().value();
                String cause = share.cause().name().toLowerCase(Locale.ROOT);
                deliveries.add(new Metrics.OfApplication(application, cause, share.deliveries()));
                ages.add(new Metrics.OfApplication(application, cause, ageSeconds(share.oldestDueAt())));
            }
        }
        metrics.showApplications(deliveries, ages);
    }

    private double differences() {
        for (AuditReport report : audit.last()) {
            long mended = report.differences().stream()
                    .filter(AuditReport.Difference::mended)
                    .count();
            return report.differenceCount() - mended;
        }
        return Double.NaN;
    }

    private double auditAgeSeconds() {
        for (AuditReport report : audit.last()) {
            Instant ended = report.startedAt().plus(report.took());
            return Math.max(0, Duration.between(ended, clock.instant()).toMillis() / 1_000.0);
        }
        return Double.NaN;
    }

    private double deliveries(WaitCause cause) {
        return backlog.byCause().stream()
                .filter(share -> share.cause() == cause)
                .mapToLong(Backlog.Share::deliveries)
                .sum();
    }

    private double oldestAgeSeconds(WaitCause cause) {
        for (Backlog.Share share : backlog.byCause()) {
            if (share.cause() == cause) {
                return ageSeconds(share.oldestDueAt());
            }
        }
        return 0;
    }

    private double ageSeconds(@Nullable Instant dueAt) {
        return dueAt == null
                ? 0
                : Math.max(0, Duration.between(dueAt, clock.instant()).toMillis() / 1_000.0);
    }
}
