package io.posthorn.health;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Backlog;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the store counts, asked for when somebody wants to see it: one request at a time, and the next not before a second
 * has passed and ten times what the last one took, so that the asking stays a small part of the store's work however many
 * endpoints there are. Verticle context.
 */
final class Counts {
    private static final Duration LEAST_AGE = Duration.ofSeconds(1);
    private static final int PAUSE_FACTOR = 10;

    private final MetricsSource metrics;
    private final Bus bus;
    private final InstantSource clock;
    private final Duration timeout;
    private final int applications;
    private Instant notBefore = Instant.EPOCH;
    private @Nullable Instant askedAt;
    private Future<?> asked = Future.succeededFuture();
    private @Nullable Backlog backlog;

    /** @param applications how many of the applications that have waited longest are asked for */
    Counts(MetricsSource metrics, Bus bus, InstantSource clock, Duration timeout, int applications) {
        this.metrics = metrics;
        this.bus = bus;
        this.clock = clock;
        this.timeout = timeout;
        this.applications = applications;
    }

    /** Asks anew where it is time; what was known stays where storage does not answer. */
    Future<?> refresh() {
        Instant now = clock.instant();
        boolean setBack = askedAt != null && now.isBefore(askedAt);
        if (!asked.isComplete() || now.isBefore(notBefore) && !setBack) {
            return asked;
        }
        askedAt = now;
        notBefore = now.plus(LEAST_AGE);
        Future<Backlog> counted = bus.request(Addresses.BACKLOG, new Backlog.Ask(applications), Deadline.after(timeout))
                .onSuccess(latest -> {
                    backlog = latest;
                    metrics.update(latest);
                });
        asked = Future.join(
                        counted,
                        bus.request(Addresses.AUDIT, new AuditReport.Ask(), Deadline.after(timeout))
                                .onSuccess(metrics::update))
                .onComplete(done -> rest(now));
        return asked;
    }

    private void rest(Instant begun) {
        Instant now = clock.instant();
        Duration took = Duration.between(begun, now);
        Duration pause = took.multipliedBy(PAUSE_FACTOR);
        notBefore = now.plus(pause.compareTo(LEAST_AGE) < 0 ? LEAST_AGE.minus(took) : pause);
    }

    /** What waits, and since when the oldest of it was due, by cause; null while storage never answered. */
    @Nullable
    JsonObject backlog() {
        Backlog latest = backlog;
        if (latest == null) {
            return null;
        }
        JsonArray causes = new JsonArray();
        for (Backlog.Share share : latest.byCause()) {
            causes.add(new JsonObject()
                    .put("cause", share.cause().name().toLowerCase(Locale.ROOT))
                    .put("endpoints", share.endpoints())
                    .put("deliveries", share.deliveries())
                    .put("oldestAgeSeconds", ageSeconds(share.oldestDueAt())));
        }
        return new JsonObject()
                .put("waiting", latest.books().waiting())
                .put("inFlight", latest.books().inFlight())
                .put("byCause", causes);
    }

    private @Nullable Double ageSeconds(@Nullable Instant dueAt) {
        return dueAt == null
                ? null
                : Math.max(0, Duration.between(dueAt, clock.instant()).toMillis() / 1_000.0);
    }
}
