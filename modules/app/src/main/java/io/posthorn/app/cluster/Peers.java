package io.posthorn.app.cluster;

import io.posthorn.bus.Routes;
import io.posthorn.contract.NodeId;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;

/** The other members of the cluster, as far as being there or not goes. */
public interface Peers {
    /** Sets what is called when a node is gone, whether it left or died. Called on any thread. */
    void onGone(Consumer<NodeId> listener);

    /** Who of them answers at an address. */
    Routes routes();

    /** Whether that node is a member now. Never blocks. */
    boolean isThere(NodeId node);

    /** Leaves the cluster; again: does nothing. Afterwards nothing can be sent to others. */
    Future<Void> leave();

    /** The members that the settings name and that are not there, as {@code host:port}. Never blocks. */
    List<String> absent();

    /** Those of a node that is alone. */
    static Peers none() {
        return new Peers() {
            @Override
            public void onGone(Consumer<NodeId> listener) {
                // There is nobody who could go.
            }

            @Override
            public Routes routes() {
                return Routes.unknown();
            }

            @Override
            public boolean isThere(NodeId node) {
                return false;
            }

            @Override
            public Future<Void> leave() {
                return Future.succeededFuture();
            }

            @Override
            public List<String> absent() {
                return List.of();
            }
        };
    }
}
