package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.CheckOutcome;
import io.posthorn.contract.EntityDraft;
import io.posthorn.contract.MessageDraft;
import io.posthorn.contract.PayloadDraft;
import io.posthorn.contract.Problem;
import io.posthorn.contract.RateLimit;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A validation and a rate limit role with as little sense as the tests of their neighbour need. */
final class StubNeighbours {
    volatile List<Problem> entityProblems = List.of();
    volatile List<Problem> payloadProblems = List.of();
    volatile boolean schemaDue;
    final List<PayloadDraft> payloads = new CopyOnWriteArrayList<>();

    Future<Void> serve(Bus bus) {
        return Future.all(
                        bus.serve(
                                Addresses.CHECK_MESSAGES,
                                (q, d) -> Future.succeededFuture(new Batches.CheckResults(
                                        q.items().stream().map(this::check).toList()))),
                        bus.serve(
                                Addresses.CHECK_ENTITY,
                                (q, d) -> Future.succeededFuture(new EntityDraft.Verdict(entityProblems))),
                        bus.serve(Addresses.CHECK_PAYLOAD, (q, d) -> {
                            payloads.add(q);
                            return Future.succeededFuture(new PayloadDraft.Verdict(payloadProblems));
                        }),
                        bus.serve(
                                Addresses.RATE_LIMIT_STATUS,
                                (q, d) -> Future.succeededFuture(new RateLimit.Status(
                                        3,
                                        q.limit() == null ? 0 : q.limit().permits(),
                                        q.limit() == null ? 0 : q.limit().burst(),
                                        q.limit() == null ? null : q.limit().window(),
                                        TestClock.START,
                                        true))))
                .mapEmpty();
    }

    private CheckOutcome check(MessageDraft draft) {
        JsonObject json;
        try {
            json = new JsonObject(draft.body());
        } catch (RuntimeException e) {
            return new CheckOutcome.Rejected(List.of(Problem.unreadable("the body is not JSON", "body")));
        }
        if (json.getString("eventType") == null) {
            return new CheckOutcome.Rejected(List.of(Problem.unreadable("missing field", "body", "eventType")));
        }
        Set<String> channels = new LinkedHashSet<>();
        json.getJsonArray("channels", new JsonArray()).forEach(channel -> channels.add((String) channel));
        JsonObject parameters = json.getJsonObject("transformationsParams");
        JsonObject application = json.getJsonObject("application");
        Buffer payload = parameters == null ? slice(draft.body()) : Buffer.buffer(parameters.getString("rawPayload"));
        return new CheckOutcome.Checked(
                json.getString("eventType"),
                json.getString("eventId"),
                channels,
                payload,
                parameters == null,
                Duration.ofDays(90),
                application == null ? null : application.encode(),
                schemaDue);
    }

    /** Everything behind {@code "payload":}, which the tests write last. */
    private static Buffer slice(Buffer body) {
        String marker = "\"payload\":";
        int start = body.toString().indexOf(marker) + marker.length();
        return body.slice(start, body.length() - 1);
    }
}
