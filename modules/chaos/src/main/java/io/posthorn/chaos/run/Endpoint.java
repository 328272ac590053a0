package io.posthorn.chaos.run;

import java.util.Set;

/** An endpoint of an application, with the receiver behind it. Any thread. */
public final class Endpoint {
    private final String application;
    private final String id;
    private final Set<String> eventTypes;
    private final Receiver receiver;
    private volatile boolean active = true;
    private volatile boolean deleted;
    private volatile int changes;

    Endpoint(String application, String id, Set<String> eventTypes, Receiver receiver) {
        this.application = application;
        this.id = id;
        this.eventTypes = Set.copyOf(eventTypes);
        this.receiver = receiver;
    }

    /** The application's id. */
    public String application() {
        return application;
    }

    /** Its own id. */
    public String id() {
        return id;
    }

    /** Its path in the API. */
    public String path() {
        return "/app/" + application + "/endpoint/" + id;
    }

    /** What receives. */
    public Receiver receiver() {
        return receiver;
    }

    /** Said before a change of it is asked for: from now on nobody knows whether it gets an event. */
    public synchronized void changing() {
        active = false;
        changes++;
    }

    /** Said when it is known to be enabled again. */
    public synchronized void enabled() {
        active = true;
    }

    /** Said when its deletion was acknowledged: what waited for it was cancelled. */
    public void deleted() {
        deleted = true;
    }

    boolean isDeleted() {
        return deleted;
    }

    /** Whether an event of that type, accepted now, must reach it. */
    boolean wants(String eventType) {
        return active && (eventTypes.isEmpty() || eventTypes.contains(eventType));
    }

    int changes() {
        return changes;
    }
}
