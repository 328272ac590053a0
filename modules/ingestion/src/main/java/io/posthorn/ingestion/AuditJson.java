package io.posthorn.ingestion;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Books;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Recounts as JSON, written by the API and read by the program that asks it. */
public final class AuditJson {
    private AuditJson() {}

    /** How a recount stands; {@code failure} and {@code last} are null where there is none. */
    public static JsonObject write(AuditReport.Progress progress) {
        return new JsonObject()
                .put("running", progress.running())
                .put("looked", progress.looked())
                .put("failure", progress.failure().isEmpty() ? null : progress.failure())
                .put(
                        "last",
                        progress.last().stream()
                                .findFirst()
                                .map(AuditJson::write)
                                .orElse(null));
    }

    /** What {@link #write(AuditReport.Progress)} wrote. */
    public static AuditReport.Progress readProgress(JsonObject json) {
        JsonObject last = json.getJsonObject("last");
        String failure = json.getString("failure");
        return new AuditReport.Progress(
                json.getBoolean("running"),
                json.getLong("looked"),
                failure == null ? "" : failure,
                last == null ? List.of() : List.of(read(last)));
    }

    /** What a recount found. */
    public static JsonObject write(AuditReport report) {
        JsonArray differences = new JsonArray();
        report.differences()
                .forEach(one -> differences.add(new JsonObject()
                        .put("kind", one.kind().name().toLowerCase(Locale.ROOT))
                        .put("where", one.where())
                        .put("detail", one.detail())
                        .put("mended", one.mended())));
        return new JsonObject()
                .put("engine", report.engine())
                .put("clean", report.clean())
                .put("startedAt", report.startedAt().toString())
                .put("tookMillis", report.took().toMillis())
                .put("endpoints", report.endpoints())
                .put("messages", report.messages())
                .put("deliveries", report.deliveries())
                .put("attempts", report.attempts())
                .put("counted", write(report.counted()))
                .put("recorded", write(report.recorded()))
                .put("differenceCount", report.differenceCount())
                .put("differences", differences);
    }

    private static AuditReport read(JsonObject json) {
        List<AuditReport.Difference> differences = json.getJsonArray("differences").stream()
                .map(JsonObject.class::cast)
                .map(one -> new AuditReport.Difference(
                        AuditReport.Kind.valueOf(one.getString("kind").toUpperCase(Locale.ROOT)),
                        one.getString("where"),
                        one.getString("detail"),
                        one.getBoolean("mended")))
                .toList();
        return new AuditReport(
                json.getString("engine"),
                Instant.parse(json.getString("startedAt")),
                Duration.ofMillis(json.getLong("tookMillis")),
                json.getLong("endpoints"),
                json.getLong("messages"),
                json.getLong("deliveries"),
                json.getLong("attempts"),
                readBooks(json.getJsonObject("counted")),
                readBooks(json.getJsonObject("recorded")),
                json.getLong("differenceCount"),
                differences);
    }

    private static JsonObject write(Books books) {
        return new JsonObject()
                .put("created", books.created())
                .put("succeeded", books.succeeded())
                .put("failed", books.failed())
                .put("cancelled", books.cancelled())
                .put("waiting", books.waiting())
                .put("inFlight", books.inFlight());
    }

    private static Books readBooks(JsonObject json) {
        return new Books(
                json.getLong("created"),
                json.getLong("succeeded"),
                json.getLong("failed"),
                json.getLong("cancelled"),
                json.getLong("waiting"),
                json.getLong("inFlight"));
    }
}
