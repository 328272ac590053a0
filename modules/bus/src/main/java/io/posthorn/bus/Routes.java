package io.posthorn.bus;

import io.posthorn.contract.NodeId;
import java.util.Set;

/** What is known of the nodes that answer at addresses. Any thread; never blocks. */
@FunctionalInterface
public interface Routes {
    /** All nodes that a request to that address may go to now; empty where that is not known. */
    Set<NodeId> to(String address);

    /** Those of a bus that knows of no other nodes. */
    static Routes unknown() {
        return address -> Set.of();
    }
}
