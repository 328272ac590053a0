package io.posthorn.ingestion;

import io.posthorn.contract.Attempt;
import io.posthorn.contract.Trigger;
import io.vertx.core.json.JsonObject;

/** Writes attempts. */
final class AttemptJson {
    private static final String NO_CONTENT = "{}";

    private AttemptJson() {}

    static JsonObject write(Attempt attempt, boolean withContent) {
        DeliveryStatus status = DeliveryStatus.of(attempt.succeeded());
        return new JsonObject()
                .put("id", attempt.id().value())
                .put("msgId", attempt.delivery().message().value())
                .put("endpointId", attempt.delivery().endpoint().value())
                .put("url", attempt.url())
                .put("response", withContent ? attempt.response() : NO_CONTENT)
                .put("responseStatusCode", attempt.statusCode())
                .put("responseDurationMs", attempt.duration().toMillis())
                .put("status", status.number())
                .put("statusText", status.text())
                .put("triggerType", attempt.trigger() == Trigger.MANUAL ? 1 : 0)
                .put("timestamp", attempt.startedAt().toString());
    }
}
