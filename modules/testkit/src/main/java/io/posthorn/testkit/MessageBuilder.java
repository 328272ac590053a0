package io.posthorn.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.OrganizationId;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a message to be appended; what is not said is left empty. */
public final class MessageBuilder {
    private MessageId id;
    private String application;
    private String eventType = "invoice.paid";
    private @Nullable String eventId;
    private Set<String> channels = Set.of();
    private @Nullable EndpointId onlyEndpoint;
    private Buffer payload = Buffer.buffer("{\"amount\": 1.50}");
    private Duration retention = Duration.ofDays(90);
    private @Nullable IdempotencyKey idempotencyKey;

    MessageBuilder(MessageId id, ApplicationId application) {
        this.id = id;
        this.application = application.value();
    }

    /** With that id instead of a new one. */
    @CanIgnoreReturnValue
    public MessageBuilder id(MessageId newId) {
        this.id = newId;
        return this;
    }

    /** For the application of that id or uid. */
    @CanIgnoreReturnValue
    public MessageBuilder application(String reference) {
        this.application = reference;
        return this;
    }

    /** Of that event type. */
    @CanIgnoreReturnValue
    public MessageBuilder eventType(String newEventType) {
        this.eventType = newEventType;
        return this;
    }

    /** With the caller's own name for it. */
    @CanIgnoreReturnValue
    public MessageBuilder eventId(String newEventId) {
        this.eventId = newEventId;
        return this;
    }

    /** In these channels. */
    @CanIgnoreReturnValue
    public MessageBuilder channels(String... newChannels) {
        this.channels = Set.of(newChannels);
        return this;
    }

    /** For that endpoint alone. */
    @CanIgnoreReturnValue
    public MessageBuilder onlyEndpoint(EndpointId endpoint) {
        this.onlyEndpoint = endpoint;
        return this;
    }

    /** With these bytes. */
    @CanIgnoreReturnValue
    public MessageBuilder payload(Buffer newPayload) {
        this.payload = newPayload;
        return this;
    }

    /** Kept for so long. */
    @CanIgnoreReturnValue
    public MessageBuilder retention(Duration newRetention) {
        this.retention = newRetention;
        return this;
    }

    /** Accepted once under that key. */
    @CanIgnoreReturnValue
    public MessageBuilder idempotencyKey(IdempotencyKey key) {
        this.idempotencyKey = key;
        return this;
    }

    /** The message. */
    public NewMessage build() {
        return new NewMessage(
                id,
                OrganizationId.DEFAULT,
                application,
                eventType,
                eventId,
                channels,
                onlyEndpoint,
                payload,
                retention,
                idempotencyKey);
    }
}
