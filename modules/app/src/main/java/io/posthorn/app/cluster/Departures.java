package io.posthorn.app.cluster;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.Requests;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the leases of a node that is gone ended, by the storage of this node if it has that role: then what was in flight
 * there waits no longer for the end of its lease. Each node with storage does so, which does no harm. It is tried for
 * half a minute; then the leases end by themselves soon. One that is back meanwhile, as after a split of the network, keeps
 * what it holds by then. Verticle context.
 */
final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 500;
    private static final Duration TRYING = Duration.ofSeconds(30);

    private final Bus bus;
    private final BiConsumer<Long, Runnable> timers;
    private final Predicate<NodeId> isThere;

    /**
     * Waits for the first departure.
     *
     * @param timers runs something after so many milliseconds, on this context
     * @param isThere whether a node is a member
     */
    Departures(Bus bus, BiConsumer<Long, Runnable> timers, Predicate<NodeId> isThere) {
        this.bus = bus;
        this.isThere = isThere;
        this.timers = timers;
    }

    void gone(NodeId node) {
        release(node, Deadline.after(TRYING));
    }

    private void release(NodeId node, Deadline end) {
        if (!bus.isServedHere(Addresses.RELEASE_LEASES.name()) || isThere.test(node)) {
            return;
        }
        bus.requestHere(Addresses.RELEASE_LEASES, new Requests.ReleaseLeases(node), Deadline.after(PATIENCE))
                .onSuccess(done -> LOG.info("{} is gone, what was in flight there waits again", node))
                .onFailure(cause -> {
                    if (!end.isPast()) {
                        timers.accept(PAUSE_MILLIS, () -> release(node, end));
                    } else {
                        LOG.warn("what was in flight at {} waits for the end of its leases", node, cause);
                    }
                });
    }
}
