package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Books;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditApiTest extends ApiTestBase {
    static final AuditReport REPORT = new AuditReport(
            "disk",
            Instant.parse("2026-01-02T03:04:05Z"),
            Duration.ofMillis(1500),
            2,
            3,
            6,
            4,
            new Books(6, 1, 1, 1, 2, 1),
            new Books(6, 1, 1, 1, 3, 0),
            1,
            List.of(new AuditReport.Difference(
                    AuditReport.Kind.WRONG_COUNTER, "ledger ep_1", "waiting: counted 2, recorded 3", true)));

    @Test
    void beginsARecountAndShowsHowItStands() throws Exception {
        // Given
        storage.tasks.audit = new AuditReport.Progress(true, 42, "", List.of());

        // When
        JsonObject begun = post("/audit", null).expect(202).json();

        // Then
        assertThat(begun)
                .isEqualTo(new JsonObject()
                        .put("running", true)
                        .put("looked", 42)
                        .put("failure", null)
                        .put("last", null));
        assertThat(get("/audit").expect(200).json()).isEqualTo(begun);
        assertThat(storage.tasks.audits).containsExactly(new AuditReport.Start(false));
    }

    @Test
    void mendsOnlyWhenAskedTo() throws Exception {
        // When
        post("/audit", "{\"repair\":true}").expect(202);
        post("/audit", "{\"repair\":false}").expect(202);
        post("/audit", "{\"repair\":\"yes\"}").expect(422);

        // Then
        assertThat(storage.tasks.audits).containsExactly(new AuditReport.Start(true), new AuditReport.Start(false));
    }

    @Test
    void aReportIsReadAsItWasWritten() throws Exception {
        // Given
        storage.tasks.audit = new AuditReport.Progress(false, 15, "the disk is full", List.of(REPORT));

        // When
        JsonObject shown = get("/audit").expect(200).json();

        // Then
        assertThat(AuditJson.readProgress(shown)).isEqualTo(storage.tasks.audit);
        assertThat(shown.getJsonObject("last").getBoolean("clean")).isTrue();
        assertThat(shown.getJsonObject("last")
                        .getJsonArray("differences")
                        .getJsonObject(0)
                        .getString("kind"))
                .isEqualTo("wrong_counter");
    }
}
