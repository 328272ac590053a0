package io.posthorn.contract;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A URL that wants events of one application.
 *
 * @param uid the caller's own name for it, unique in the application, or null
 * @param throttleRate deliveries per second, or null for the default limit; {@link Sending#throttle()} goes before it
 * @param eventTypes the event types it wants, or null for all
 * @param channels the channels it wants, or null for all messages whatever their channels
 * @param headers sent with every attempt
 * @param secrets the signing keys, current ones first, then rotated ones
 * @param sending how it is sent to; {@link Sending#AS_CONFIGURED} when it has no wishes of its own
 * @param failingSince since when no attempt succeeded, or null
 */
public record Endpoint(
        EndpointId id,
        ApplicationId application,
        @Nullable String uid,
        String url,
        String description,
        @Nullable Integer throttleRate,
        boolean disabled,
        @Nullable Set<String> eventTypes,
        @Nullable Set<String> channels,
        Map<String, String> metadata,
        Map<String, String> headers,
        List<EndpointSecret> secrets,
        Sending sending,
        @Nullable Instant failingSince,
        Instant createdAt,
        Instant updatedAt,
        long version)
        implements Entity {
    /** A reason for which an endpoint does not get a message. */
    public enum Refusal {
        /** It is disabled. */
        DISABLED,
        /** It names event types, and not this one. */
        EVENT_TYPE,
        /** It names channels, and the message has none of them. */
        CHANNELS
    }

    public Endpoint {
        eventTypes = eventTypes == null ? null : Set.copyOf(eventTypes);
        channels = channels == null ? null : Set.copyOf(channels);
        metadata = Copies.map(metadata);
        headers = Copies.map(headers);
        secrets = Copies.list(secrets);
        sending = sending == null ? Sending.AS_CONFIGURED : sending;
    }

    /**
     * Whether this endpoint wants such a message. An endpoint with channels gets only messages that share one; one
     * without gets them all.
     */
    public boolean wants(String eventType, Set<String> messageChannels) {
        return !disabled && wantsWhenEnabled(eventType, messageChannels);
    }

    /** The same, whether it is disabled at the moment or not. */
    public boolean wantsWhenEnabled(String eventType, Set<String> messageChannels) {
        return hasEventType(eventType) && sharesChannel(messageChannels);
    }

    /** Its own limit on deliveries, or null for the default. */
    public @Nullable Throttle limit() {
        return sending.throttle() == null ? Throttle.perSecond(throttleRate) : sending.throttle();
    }

    /** Why this endpoint does not get such a message; empty exactly when it {@link #wants} it. */
    public Set<Refusal> refusals(String eventType, Set<String> messageChannels) {
        Set<Refusal> refusals = EnumSet.noneOf(Refusal.class);
        if (disabled) {
            refusals.add(Refusal.DISABLED);
        }
        if (!hasEventType(eventType)) {
            refusals.add(Refusal.EVENT_TYPE);
        }
        if (!sharesChannel(messageChannels)) {
            refusals.add(Refusal.CHANNELS);
        }
        return refusals;
    }

    private boolean hasEventType(String eventType) {
        return eventTypes == null || eventTypes.contains(eventType);
    }

    private boolean sharesChannel(Set<String> messageChannels) {
        return channels == null || !Collections.disjoint(channels, messageChannels);
    }

    @Override
    public Endpoint withVersion(long newVersion) {
        return with(disabled, secrets, sending, failingSince, updatedAt, newVersion);
    }

    /** The same endpoint, enabled or disabled. */
    public Endpoint withDisabled(boolean newDisabled, Instant now) {
        return with(newDisabled, secrets, sending, failingSince, now, version);
    }

    /** The same endpoint with other signing keys. */
    public Endpoint withSecrets(List<EndpointSecret> newSecrets, Instant now) {
        return with(disabled, newSecrets, sending, failingSince, now, version);
    }

    /** The same endpoint, sent to in another way. */
    public Endpoint withSending(Sending newSending, Instant now) {
        return with(disabled, secrets, newSending, failingSince, now, version);
    }

    /** The same endpoint, failing since then, or not failing when null. */
    public Endpoint withFailingSince(@Nullable Instant since) {
        return with(disabled, secrets, sending, since, updatedAt, version);
    }

    private Endpoint with(
            boolean newDisabled,
            List<EndpointSecret> newSecrets,
            Sending newSending,
            @Nullable Instant newFailingSince,
            Instant newUpdatedAt,
            long newVersion) {
        return new Endpoint(
                id,
                application,
                uid,
                url,
                description,
                throttleRate,
                newDisabled,
                eventTypes,
                channels,
                metadata,
                headers,
                newSecrets,
                newSending,
                newFailingSince,
                createdAt,
                newUpdatedAt,
                newVersion);
    }

    /** The same endpoint without a name of the caller's own. */
    public Endpoint withoutUid() {
        return new Endpoint(
                id,
                application,
                null,
                url,
                description,
                throttleRate,
                disabled,
                eventTypes,
                channels,
                metadata,
                headers,
                secrets,
                sending,
                failingSince,
                createdAt,
                updatedAt,
                version);
    }

    /** Which it is, without what may be a secret: path and query of its URL, values of headers, keys. */
    @Override
    public String toString() {
        return "Endpoint[" + id + " of " + application + ", version=" + version + ", disabled=" + disabled
                + ", headers=" + headers.keySet() + ", secrets=" + secrets + ", sending=" + sending + "]";
    }
}
