package io.posthorn.storage;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the last {@value #MOST} requests with an idempotency key or eventId that went to the primary through
 * this node, so that the spare can answer their repeats. One whose answer never came keeps the message id that it had: if
 * the primary took it after all, both are one message in the end. Any thread.
 */
final class RecentRequests {
    private static final int MOST = 20_000;

    private final Map<String, Entry> entries = new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
            return size() > MOST;
        }
    };

    /** @param message null while no answer has come */
    private record Entry(
            MessageId id, String bodyDigest, @Nullable Message message) {}

    /** Remembers what is being sent to the primary. */
    synchronized void sent(List<NewMessage> messages) {
        for (NewMessage message : messages) {
            if (isNamed(message)) {
                remember(message, message.id(), null);
            }
        }
    }

    /** Remembers what the primary answered, in the order of the messages. */
    synchronized void answered(List<NewMessage> messages, List<AppendOutcome> outcomes) {
        for (int i = 0; i < messages.size(); i++) {
            NewMessage message = messages.get(i);
            if (!isNamed(message)) {
                continue;
            }
            if (outcomes.get(i) instanceof AppendOutcome.Appended appended) {
                remember(message, appended.message().id(), appended.message().withoutPayload());
            } else if (outcomes.get(i) instanceof AppendOutcome.Repeated repeated) {
                remember(message, repeated.message().id(), repeated.message().withoutPayload());
            }
        }
    }

    /** What the primary would answer, or null when that is not known. */
    synchronized @Nullable AppendOutcome answerTo(NewMessage message) {
        IdempotencyKey key = message.idempotencyKey();
        Entry byKey = key == null ? null : entries.get(key.digest());
        if (key != null && byKey != null && byKey.message() != null) {
            return byKey.bodyDigest().equals(key.bodyDigest())
                    ? new AppendOutcome.Repeated(byKey.message())
                    : new AppendOutcome.KeyReused();
        }
        String eventId = message.eventId();
        Entry byEvent = eventId == null ? null : entries.get(eventKey(message));
        return eventId != null && byEvent != null && byEvent.message() != null && byKey == null
                ? new AppendOutcome.EventIdTaken(eventId)
                : null;
    }

    /** The same message under the id that it had before, if it was sent before and nothing was heard of it. */
    synchronized NewMessage underFormerId(NewMessage message) {
        IdempotencyKey key = message.idempotencyKey();
        Entry entry = key == null ? null : entries.get(key.digest());
        if (key == null || entry == null || !entry.bodyDigest().equals(key.bodyDigest())) {
            return message;
        }
        return new NewMessage(
                entry.id(),
                message.organization(),
                message.application(),
                message.eventType(),
                message.eventId(),
                message.channels(),
                message.onlyEndpoint(),
                message.payload(),
                message.retention(),
                key);
    }

    private static boolean isNamed(NewMessage message) {
        return message.idempotencyKey() != null || message.eventId() != null;
    }

    private void remember(NewMessage message, MessageId id, @Nullable Message stored) {
        IdempotencyKey key = message.idempotencyKey();
        if (key != null) {
            remember(key.digest(), new Entry(id, key.bodyDigest(), stored));
        }
        if (message.eventId() != null) {
            remember(eventKey(message), new Entry(id, "", stored));
        }
    }

    /** What is known already is not forgotten because it is sent again. */
    private void remember(String name, Entry entry) {
        Entry before = entries.get(name);
        if (before == null || entry.message() != null) {
            entries.put(name, entry);
        }
    }

    private static String eventKey(NewMessage message) {
        return message.application() + " " + message.eventId();
    }
}
