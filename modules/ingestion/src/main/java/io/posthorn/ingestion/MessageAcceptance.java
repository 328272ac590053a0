package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Batches;
import io.posthorn.contract.CheckOutcome;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageDraft;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PayloadDraft;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Problem;
import io.posthorn.contract.SaveOutcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The hot path: has messages checked and stored, many in one bus message. What it completes with is as durable as the
 * engine can make it. Belongs to one event loop.
 */
final class MessageAcceptance {
    private static final int MAX_BATCH_ITEMS = 512;
    private static final int MAX_BATCH_BYTES = 4 * 1024 * 1024;
    private static final Batcher.Limits CHECKS = new Batcher.Limits(MAX_BATCH_ITEMS, MAX_BATCH_BYTES, 1);
    private static final Batcher.Limits APPENDS = new Batcher.Limits(MAX_BATCH_ITEMS, MAX_BATCH_BYTES, 4);

    private final Batcher<MessageDraft, CheckOutcome> checks;
    private final Batcher<NewMessage, AppendOutcome> appends;
    private final Bus bus;
    private final Catalogue catalogue;
    private final InstantSource clock;

    /**
     * @param timeout how long a batch may take
     * @param nextTurn runs something after all that the event loop has in hand now
     */
    MessageAcceptance(
            Bus bus, Catalogue catalogue, InstantSource clock, Duration timeout, Consumer<Runnable> nextTurn) {
        this.bus = bus;
        this.catalogue = catalogue;
        this.clock = clock;
        this.checks = new Batcher<>(
                CHECKS,
                draft -> draft.body().length(),
                drafts -> bus.request(
                                Addresses.CHECK_MESSAGES,
                                new Batches.Drafts(drafts),
                                Deadline.after(timeout).forNested())
                        .map(Batches.CheckResults::items),
                nextTurn);
        this.appends = new Batcher<>(
                APPENDS,
                message -> message.payload().length(),
                messages -> bus.request(
                                Addresses.APPEND,
                                new Batches.Appends(messages),
                                Deadline.after(timeout).forNested())
                        .map(Batches.AppendResults::items),
                nextTurn);
    }

    /**
     * A message that is stored.
     *
     * @param isObject whether its payload is one JSON object
     */
    record Accepted(Message message, boolean isObject) {}

    /**
     * Accepts the message in a request body.
     *
     * @param application id or uid
     * @return fails with {@link InvalidRequest}, NOT_FOUND, CONFLICT, KEY_REUSED, or something that may pass
     */
    Future<Accepted> accept(
            OrganizationId organization,
            String application,
            Buffer body,
            @Nullable IdempotencyKey key,
            Deadline deadline) {
        return check(organization, body, deadline).compose(checked -> {
            requireTime(deadline);
            NewMessage message = new NewMessage(
                    MessageId.at(clock.millis()),
                    organization,
                    application,
                    checked.eventType(),
                    checked.eventId(),
                    checked.channels(),
                    null,
                    checked.payload(),
                    checked.retention(),
                    key);
            String inline = checked.application();
            Future<Message> stored =
                    inline == null ? append(message) : appendWithApplication(message, inline, deadline);
            return stored.map(made -> new Accepted(made, checked.isObject()));
        });
    }

    /**
     * What a request body holds, when it may be accepted; nothing is stored. A payload whose event type has a schema is
     * held against that in a request of its own, so that no other message waits for it.
     */
    Future<CheckOutcome.Checked> check(OrganizationId organization, Buffer body, Deadline deadline) {
        return checks.submit(new MessageDraft(body, organization)).compose(outcome -> {
            if (outcome instanceof CheckOutcome.Rejected rejected) {
                return Future.failedFuture(refusal(rejected));
            }
            CheckOutcome.Checked checked = (CheckOutcome.Checked) outcome;
            return checked.schemaDue()
                    ? checkPayload(organization, checked, deadline)
                    : Future.succeededFuture(checked);
        });
    }

    private Future<CheckOutcome.Checked> checkPayload(
            OrganizationId organization, CheckOutcome.Checked checked, Deadline deadline) {
        PayloadDraft draft = new PayloadDraft(organization, checked.eventType(), checked.payload());
        return bus.request(Addresses.CHECK_PAYLOAD, draft, deadline.forNested())
                .compose(verdict -> verdict.problems().isEmpty()
                        ? Future.succeededFuture(checked)
                        : Future.failedFuture(new InvalidRequest(verdict.problems())));
    }

    /** A payload that is too large has a status of its own, unless more is wrong. */
    private static RuntimeException refusal(CheckOutcome.Rejected rejected) {
        Problem first = rejected.problems().get(0);
        boolean onlyTooLarge =
                rejected.problems().size() == 1 && first.type().equals(ErrorCode.PAYLOAD_TOO_LARGE.code());
        return onlyTooLarge
                ? new PosthornException(ErrorCode.PAYLOAD_TOO_LARGE, "payload: " + first.message())
                : new InvalidRequest(rejected.problems());
    }

    /** Stores a message that needs no check. */
    Future<Message> append(NewMessage message) {
        return appends.submit(message).compose(MessageAcceptance::stored);
    }

    private Future<Message> appendWithApplication(NewMessage message, String inline, Deadline deadline) {
        Application wanted = inlineApplication(message.organization(), message.application(), inline);
        return appends.submit(message)
                .compose(outcome -> outcome instanceof AppendOutcome.NoSuchApplication
                        ? catalogue
                                .save(wanted, null, deadline)
                                .compose(saved -> saved instanceof SaveOutcome.NameTaken
                                        ? Future.succeededFuture(wanted)
                                        : Catalogue.stored(saved, Application.class))
                                .compose(made -> append(message))
                        : stored(outcome));
    }

    /** The application that a message brings along; fails with {@link InvalidRequest} when it is not that of the path. */
    Application inlineApplication(OrganizationId organization, String reference, String inline) {
        Fields fields;
        try {
            fields = new Fields(new JsonObject(inline));
        } catch (DecodeException e) {
            throw new InvalidRequest(Problem.unreadable("expected an object", "body", "application"));
        }
        ApplicationJson.In in = ApplicationJson.read(fields);
        if (in.uid() == null) {
            throw mismatch("the application needs its uid here", "application_uid_missing");
        }
        if (!in.uid().equals(reference)) {
            throw mismatch("the uid must be the one in the path", "application_uid_mismatch");
        }
        return in.create(organization, clock.instant());
    }

    private static InvalidRequest mismatch(String text, String type) {
        return new InvalidRequest(new Problem(List.of("body", "application", "uid"), text, type));
    }

    private static void requireTime(Deadline deadline) {
        if (deadline.isPast()) {
            throw new PosthornException(ErrorCode.TIMEOUT, "the message was not stored in time");
        }
    }

    private static Future<Message> stored(AppendOutcome outcome) {
        if (outcome instanceof AppendOutcome.Appended appended) {
            return Future.succeededFuture(appended.message());
        }
        if (outcome instanceof AppendOutcome.Repeated repeated) {
            return Future.succeededFuture(repeated.message());
        }
        if (outcome instanceof AppendOutcome.KeyReused) {
            return Future.failedFuture(Catalogue.keyReused());
        }
        if (outcome instanceof AppendOutcome.EventIdTaken taken) {
            return Future.failedFuture(new PosthornException(
                    ErrorCode.CONFLICT, "the application has a message with the eventId " + taken.eventId()));
        }
        if (outcome instanceof AppendOutcome.NotNow) {
            return Future.failedFuture(new PosthornException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "the shared store, which may know the application, cannot be used now"));
        }
        return Future.failedFuture(new PosthornException(ErrorCode.NOT_FOUND, "Entity not found"));
    }
}
