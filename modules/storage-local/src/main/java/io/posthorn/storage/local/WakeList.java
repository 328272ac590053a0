package io.posthorn.storage.local;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The queues that wait for a time, earliest first. Store thread. */
final class WakeList {
    private final TreeSet<EndpointQueue> sleeping = new TreeSet<>(
            Comparator.<EndpointQueue>comparingLong(queue -> queue.wakeAt).thenComparing(queue -> queue.endpoint));

    /** Enters a queue, or moves it. */
    void wakeAt(EndpointQueue queue, long millis) {
        if (queue.wakeAt == millis) {
            return;
        }
        cancel(queue);
        queue.wakeAt = millis;
        if (millis != EndpointQueue.NEVER) {
            sleeping.add(queue);
        }
    }

    void cancel(EndpointQueue queue) {
        if (queue.wakeAt != EndpointQueue.NEVER) {
            sleeping.remove(queue);
            queue.wakeAt = EndpointQueue.NEVER;
        }
    }

    /** Takes out the earliest queue whose time has come. */
    @Nullable
    EndpointQueue takeDue(long now) {
        if (sleeping.isEmpty() || sleeping.first().wakeAt > now) {
            return null;
        }
        EndpointQueue queue = sleeping.first();
        cancel(queue);
        return queue;
    }

    /** When the earliest one wakes; {@link EndpointQueue#NEVER} when none sleeps. */
    long next() {
        return sleeping.isEmpty() ? EndpointQueue.NEVER : sleeping.first().wakeAt;
    }
}
