package io.posthorn.contract;

import java.time.Duration;
import java.util.List;

/**
 * The nodes of a cluster, as one of them knows them. A node that is alone is a cluster of one.
 *
 * @param nodes those that were heard of lately, the one that answers included, by age
 * @param checks what is wrong with the cluster as a whole: roles that no node has, nodes that do not fit to the others;
 *     empty when nothing is
 */
public record ClusterState(List<Node> nodes, List<RoleHealth.Check> checks) {
    public ClusterState {
        nodes = Copies.list(nodes);
        checks = Copies.list(checks);
    }

    /**
     * One node.
     *
     * @param heardAgo how long ago it was last heard of
     * @param problems why it does not fit to the others, one line each
     */
    public record Node(NodeState state, Duration heardAgo, List<String> problems) {
        public Node {
            problems = Copies.list(problems);
        }
    }

    /** Asks a node; answered by {@link ClusterState}. */
    public record Ask() {}
}
