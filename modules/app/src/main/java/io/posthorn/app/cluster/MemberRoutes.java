package io.posthorn.app.cluster;

import com.hazelcast.config.Config;
import io.posthorn.bus.Routes;
import io.posthorn.contract.NodeId;
import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Hazelcast under the bus, so that requests go to members only. Vert.x keeps who serves an address from the first request on,
 * until it is told of a registration that changed. It is not told of those that were lost with their part of the table, when
 * both copies were beyond a cut, and asks nodes then that cannot be reached. So everything it keeps is forgotten here whenever
 * registrations were lost or members come and go, and read again at the next request; and nodes that are no members are left
 * out. Any thread.
 */
final class MemberRoutes extends HazelcastClusterManager implements Routes {
    /** As many as this program asks. */
    private final ConcurrentMap<String, Set<NodeId>> known = new ConcurrentHashMap<>();

    /** Of what is known and of telling Vert.x of it; not that of this object, which is held while others are waited for. */
    private final Object lock = new Object();

    private volatile Consumer<NodeId> gone = node -> {};
    private volatile RegistrationListener selector = new RegistrationListener() {};

    MemberRoutes(Config config) {
        super(config);
        super.nodeListener(new NodeListener() {
            @Override
            public void nodeAdded(String id) {
                forget();
            }

            @Override
            public void nodeLeft(String id) {
                forget();
                gone.accept(nameOf(id));
            }
        });
    }

    static NodeId nameOf(String id) {
        return new NodeId("node-" + id);
    }

    /** Sets what is called when a node is gone. */
    void onGone(Consumer<NodeId> listener) {
        gone = listener;
    }

    @Override
    public Set<NodeId> to(String address) {
        return known.getOrDefault(address, Set.of());
    }

    @Override
    public void registrationListener(RegistrationListener listener) {
        selector = listener;
        super.registrationListener(new RegistrationListener() {
            @Override
            public void registrationsUpdated(RegistrationUpdateEvent event) {
                updated(event);
            }

            @Override
            public void registrationsLost() {
                listener.registrationsLost();
                forget();
            }

            @Override
            public boolean wantsUpdatesFor(String address) {
                return listener.wantsUpdatesFor(address);
            }
        });
    }

    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
        super.getRegistrations(address, (found, failure) -> {
            if (failure == null) {
                promise.succeed(noted(address, found));
            } else {
                promise.fail(failure);
            }
        });
    }

    private void updated(RegistrationUpdateEvent event) {
        synchronized (lock) {
            selector.registrationsUpdated(
                    new RegistrationUpdateEvent(event.address(), noted(event.address(), event.registrations())));
        }
    }

    private void forget() {
        synchronized (lock) {
            known.keySet()
                    .forEach(address -> selector.registrationsUpdated(new RegistrationUpdateEvent(address, List.of())));
            known.clear();
        }
    }

    private List<RegistrationInfo> noted(String address, List<RegistrationInfo> found) {
        synchronized (lock) {
            List<RegistrationInfo> there = ofMembers(found);
            known.put(address, there.stream().map(one -> nameOf(one.nodeId())).collect(Collectors.toUnmodifiableSet()));
            return there;
        }
    }

    private List<RegistrationInfo> ofMembers(List<RegistrationInfo> found) {
        if (found.isEmpty() || !getHazelcastInstance().getLifecycleService().isRunning()) {
            return found;
        }
        Set<String> members = new HashSet<>(getNodes());
        return found.stream().filter(one -> members.contains(one.nodeId())).toList();
    }
}
