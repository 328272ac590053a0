package io.posthorn.ingestion;

import io.posthorn.contract.Attempt;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.Books;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.RetryPolicy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes explanations and backlogs. */
final class ExplanationJson {
    private ExplanationJson() {}

    static JsonObject write(Explanation explanation) {
        DeliveryFacts facts = explanation.facts();
        Delivery delivery = facts.delivery();
        JsonArray attempts = new JsonArray();
        explanation.attempts().forEach(attempt -> attempts.add(attempt(attempt)));
        JsonObject json = new JsonObject()
                .put("msgId", delivery.key().message().value())
                .put("endpointId", delivery.key().endpoint().value())
                .put("at", facts.at().toString())
                .put("state", word(delivery.state()))
                .put("since", delivery.changedAt().toString())
                .put("dueAt", text(delivery.dueAt()))
                .put("waitsFor", waitsFor(facts.waitsFor()))
                .put("position", position(facts))
                .put("inFlight", hold(facts.hold()))
                .put("queue", queue(facts.queue()))
                .put("retryPolicy", policy(explanation))
                .put("attemptCount", delivery.attempts())
                .put("attempts", attempts);
        return json.put("whyEnded", explanation.whyEnded()).put("next", explanation.next());
    }

    static JsonObject write(Backlog.OfApplication backlog) {
        JsonArray causes = new JsonArray();
        for (Backlog.Share share : backlog.byCause()) {
            Instant oldest = share.oldestDueAt();
            causes.add(new JsonObject()
                    .put("cause", word(share.cause()))
                    .put("endpoints", share.endpoints())
                    .put("deliveries", share.deliveries())
                    .put("oldestDueAt", text(oldest))
                    .put("oldestAgeSeconds", oldest == null ? null : ageSeconds(oldest, backlog.at())));
        }
        return new JsonObject().put("at", backlog.at().toString()).put("byCause", causes);
    }

    private static double ageSeconds(Instant dueAt, Instant now) {
        return Math.max(0, Duration.between(dueAt, now).toMillis() / 1_000.0);
    }

    private static @Nullable JsonObject waitsFor(DeliveryFacts.@Nullable Wait wait) {
        return wait == null
                ? null
                : new JsonObject().put("cause", word(wait.cause())).put("until", text(wait.until()));
    }

    private static @Nullable JsonObject position(DeliveryFacts facts) {
        DeliveryFacts.Place place = facts.place();
        if (place == null) {
            return null;
        }
        return new JsonObject()
                .put("class", place.retry() ? "retry" : "first")
                .put("trigger", word(place.trigger()))
                .put("before", Math.min(place.before(), DeliveryFacts.MOST_BEFORE))
                .put("more", place.isBehindMore());
    }

    private static @Nullable JsonObject hold(DeliveryFacts.@Nullable Hold hold) {
        return hold == null
                ? null
                : new JsonObject()
                        .put("node", hold.node().value())
                        .put("since", text(hold.since()))
                        .put("leaseUntil", hold.until().toString());
    }

    private static JsonObject queue(QueueState queue) {
        Books books = queue.books();
        return new JsonObject()
                .put("waiting", books.waiting())
                .put("inFlight", books.inFlight())
                .put("inFlightLimit", queue.inFlightLimit())
                .put("cause", word(queue.cause()))
                .put("until", text(queue.until()));
    }

    private static JsonObject policy(Explanation explanation) {
        RetryPolicy policy = explanation.policy();
        JsonArray delays = new JsonArray();
        policy.delays().forEach(delay -> delays.add(delay.toMillis() / 1_000.0));
        boolean own = explanation.endpoint() != null
                && explanation.endpoint().sending().retryPolicy() != null;
        return new JsonObject()
                .put("ofEndpoint", own)
                .put("delaySeconds", delays)
                .put("jitter", policy.jitter());
    }

    private static JsonObject attempt(Attempt attempt) {
        return new JsonObject()
                .put("id", attempt.id().value())
                .put("number", attempt.number())
                .put("trigger", word(attempt.trigger()))
                .put("timestamp", attempt.startedAt().toString())
                .put("responseStatusCode", attempt.statusCode())
                .put("responseDurationMs", attempt.duration().toMillis())
                .put("succeeded", attempt.succeeded());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
