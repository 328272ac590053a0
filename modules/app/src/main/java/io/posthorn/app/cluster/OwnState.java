package io.posthorn.app.cluster;

import io.posthorn.bus.WireFormat;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.NodeState;
import io.posthorn.contract.RoleHealth;
import java.time.Instant;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of itself. The suppliers are asked for each heartbeat, on an event loop.
 *
 * @param status the worst of its roles, as far as somebody here looks
 * @param trouble see {@link NodeState#trouble()}
 * @param inFlight how many deliveries its dispatchers hold
 * @param maxInFlight how many they may hold; 0 without that role
 * @param processorLoad how busy its processors are, 0 to 1; NaN when that is not known
 * @param tokenTag see {@link NodeState#tokenTag()}
 */
public record OwnState(
        NodeId node,
        @Nullable String address,
        String version,
        List<String> roles,
        Instant startedAt,
        Supplier<RoleHealth.@Nullable Status> status,
        Supplier<@Nullable String> trouble,
        IntSupplier inFlight,
        int maxInFlight,
        DoubleSupplier processorLoad,
        @Nullable String tokenTag) {
    public OwnState {
        roles = List.copyOf(roles);
    }

    NodeState now(@Nullable String store) {
        double load = processorLoad.getAsDouble();
        return new NodeState(
                node,
                address,
                version,
                WireFormat.MAJOR,
                roles,
                startedAt,
                status.get(),
                trouble.get(),
                inFlight.getAsInt(),
                maxInFlight,
                load >= 0 ? load : -1,
                store,
                tokenTag);
    }
}
