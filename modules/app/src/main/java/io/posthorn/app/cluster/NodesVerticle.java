package io.posthorn.app.cluster;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.bus.Served;
import io.posthorn.bus.WireFormat;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.NodeState;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other nodes every second how this one is, and knows what they tell. When it stops, the node leaves the
 * cluster. One instance a node, alone or not.
 */
public final class NodesVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(NodesVerticle.class);
    private static final long HEARTBEAT_MILLIS = 1_000;
    private static final int BEATS_PER_LOOK = 30;
    private static final Duration PATIENCE = Duration.ofMillis(900);

    private final OwnState self;
    private final Peers peers;
    private final Bus bus;
    private final InstantSource clock;
    private final Registry registry;

    private MessageConsumer<Buffer> heartbeats;
    private Served served;
    private long timer;
    private int beats;
    private @Nullable String store;

    /** @param roles all that there are, by name */
    @SuppressWarnings("NullAway.Init") // set by start(), before anything else is called
    public NodesVerticle(OwnState self, List<String> roles, Peers peers, Bus bus, InstantSource clock) {
        this.self = self;
        this.peers = peers;
        this.bus = bus;
        this.clock = clock;
        this.registry = new Registry(roles);
    }

    /** Completes when others can hear of this node, and it of them. */
    @Override
    public Future<?> start() {
        Departures departures =
                new Departures(bus, (millis, action) -> vertx.setTimer(millis, fired -> action.run()), peers::isThere);
        peers.onGone(node -> {
            bus.gone(node);
            context.runOnContext(nothing -> {
                registry.forget(node);
                departures.gone(node);
            });
        });
        heartbeats = vertx.eventBus().consumer(Addresses.NODES);
        heartbeats.handler(message -> hear(message.body()));
        timer = vertx.setPeriodic(HEARTBEAT_MILLIS, tick -> beat());
        return heartbeats
                .completion()
                .compose(heard -> bus.serve(
                        Addresses.CLUSTER,
                        (ask, deadline) -> Future.succeededFuture(
                                registry.state(self.now(store), peers.absent(), clock.instant()))))
                .onSuccess(reachable -> {
                    served = reachable;
                    beat();
                });
    }

    /** Completes when the cluster was left. */
    @Override
    public Future<?> stop() {
        vertx.cancelTimer(timer);
        return served.stop().transform(stopped -> heartbeats.unregister()).transform(stopped -> peers.leave());
    }

    private void beat() {
        if (beats++ % BEATS_PER_LOOK == 0 || store == null) {
            look();
        }
        vertx.eventBus().publish(Addresses.NODES, Buffer.buffer(WireFormat.encode(NodeState.class, self.now(store))));
    }

    /** Which store it is that is served here. */
    private void look() {
        if (bus.isServedHere(Addresses.STORE.name())) {
            bus.requestHere(Addresses.STORE, new StorageQuery.WhichStore(), Deadline.after(PATIENCE))
                    .onSuccess(found -> store = found.id())
                    .onFailure(cause -> LOG.debug("the store does not say which one it is", cause));
        } else {
            store = null;
        }
    }

    private void hear(Buffer told) {
        try {
            NodeState state = WireFormat.decode(NodeState.class, told.getBytes());
            if (!state.node().equals(self.node())) {
                registry.hear(state, clock.instant());
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("a heartbeat cannot be read", e);
        }
    }
}
