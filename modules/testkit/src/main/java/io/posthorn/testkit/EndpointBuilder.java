package io.posthorn.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Sending;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes an endpoint that is not stored yet; what is not said is left empty. */
public final class EndpointBuilder {
    private final EndpointId id;
    private final ApplicationId application;
    private final Instant createdAt;
    private @Nullable String uid;
    private String url = "https://receiver.example.com/hooks";
    private boolean disabled;
    private @Nullable Set<String> eventTypes;
    private @Nullable Set<String> channels;
    private @Nullable Integer throttleRate;

    EndpointBuilder(EndpointId id, ApplicationId application, Instant createdAt) {
        this.id = id;
        this.application = application;
        this.createdAt = createdAt;
    }

    /** Names it. */
    @CanIgnoreReturnValue
    public EndpointBuilder uid(String newUid) {
        this.uid = newUid;
        return this;
    }

    /** Sends to that URL. */
    @CanIgnoreReturnValue
    public EndpointBuilder url(String newUrl) {
        this.url = newUrl;
        return this;
    }

    /** Starts disabled. */
    @CanIgnoreReturnValue
    public EndpointBuilder disabled() {
        this.disabled = true;
        return this;
    }

    /** Wants only these event types. */
    @CanIgnoreReturnValue
    public EndpointBuilder eventTypes(String... newEventTypes) {
        this.eventTypes = Set.of(newEventTypes);
        return this;
    }

    /** Wants only messages of these channels. */
    @CanIgnoreReturnValue
    public EndpointBuilder channels(String... newChannels) {
        this.channels = Set.of(newChannels);
        return this;
    }

    /** Takes so many deliveries a second. */
    @CanIgnoreReturnValue
    public EndpointBuilder throttleRate(int perSecond) {
        this.throttleRate = perSecond;
        return this;
    }

    /** The endpoint, with version 0. */
    public Endpoint build() {
        return new Endpoint(
                id,
                application,
                uid,
                url,
                "An endpoint",
                throttleRate,
                disabled,
                eventTypes,
                channels,
                Map.of("team", "billing"),
                Map.of("x-tenant", "example"),
                List.of(Fixtures.SECRET),
                Sending.AS_CONFIGURED,
                null,
                createdAt,
                createdAt,
                0);
    }
}
