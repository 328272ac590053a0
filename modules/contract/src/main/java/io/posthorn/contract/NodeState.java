package io.posthorn.contract;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node is, as it tells the others every second.
 *
 * @param address where it is a member, {@code host:port}; null when it is alone
 * @param version of its program
 * @param wireMajor of the format in which it speaks to other nodes; nodes with different ones do not understand each other
 * @param roles what it does, by name
 * @param startedAt by its own clock
 * @param status the worst of its roles; null where it does not look
 * @param trouble what is wrong with its roles, in a line; null when nothing is, or where it does not look
 * @param inFlight how many deliveries its dispatchers hold
 * @param maxInFlight how many they may hold; 0 without that role
 * @param processorLoad how busy its processors are, 0 to 1; negative when that is not known
 * @param store the id of the store that it serves; null without that role, or when it is not known
 * @param tokenTag what two nodes have in common exactly when they accept the same tokens; tells nothing else. Null without
 *     an API
 */
public record NodeState(
        NodeId node,
        @Nullable String address,
        String version,
        int wireMajor,
        List<String> roles,
        Instant startedAt,
        RoleHealth.@Nullable Status status,
        @Nullable String trouble,
        int inFlight,
        int maxInFlight,
        double processorLoad,
        @Nullable String store,
        @Nullable String tokenTag) {
    public NodeState {
        if (node == null || startedAt == null) {
            throw new IllegalArgumentException("a node says at least its name and since when it runs");
        }
        roles = Copies.list(roles);
    }
}
