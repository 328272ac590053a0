package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: applications one after the other, inside each its endpoints one after the other. A queue that stands
 * here may have become ineligible; whoever takes it looks. Store thread.
 */
final class TurnRing {
    private final ArrayDeque<Turns> applications = new ArrayDeque<>();
    private final Map<ApplicationId, Turns> byApplication = new HashMap<>();
    private int size;

    private record Turns(ApplicationId application, ArrayDeque<EndpointQueue> queues) {}

    /** Puts a queue at the end of its application's turns; does nothing when it stands there. */
    void add(EndpointQueue queue) {
        if (queue.inRing) {
            return;
        }
        queue.inRing = true;
        size++;
        Turns turns = byApplication.get(queue.application);
        if (turns == null) {
            turns = new Turns(queue.application, new ArrayDeque<>());
            byApplication.put(queue.application, turns);
            applications.add(turns);
        }
        turns.queues.add(queue);
    }

    /** Takes the next queue out; the application after its own is next. */
    @Nullable
    EndpointQueue take() {
        Turns turns = applications.poll();
        if (turns == null) {
            return null;
        }
        EndpointQueue queue = turns.queues.remove();
        queue.inRing = false;
        size--;
        if (turns.queues.isEmpty()) {
            byApplication.remove(turns.application);
        } else {
            applications.add(turns);
        }
        return queue;
    }

    boolean isEmpty() {
        return size == 0;
    }
}
