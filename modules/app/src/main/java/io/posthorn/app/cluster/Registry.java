package io.posthorn.app.cluster;

import io.posthorn.contract.ClusterState;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.NodeState;
import io.posthorn.contract.RoleHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that were heard of lately, at most {@value #MAX_NODES}: beyond that the one that was silent longest is
 * forgotten. One that is gone is forgotten at once, one that is only silent after half a minute. One thread.
 */
final class Registry {
    private static final int MAX_NODES = 1_000;
    private static final Duration MEMORY = Duration.ofSeconds(30);

    /** How long a node may be silent until nobody counts on its roles. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final List<String> roles;
    private final Map<NodeId, Heard> heard = new LinkedHashMap<>();

    private record Heard(NodeState state, Instant at) {}

    /** @param roles all that there are */
    Registry(List<String> roles) {
        this.roles = List.copyOf(roles);
    }

    void hear(NodeState state, Instant now) {
        heard.remove(state.node());
        heard.put(state.node(), new Heard(state, now));
        Iterator<NodeId> oldest = heard.keySet().iterator();
        while (heard.size() > MAX_NODES) {
            oldest.next();
            oldest.remove();
        }
    }

    void forget(NodeId node) {
        heard.remove(node);
    }

    /**
     * What is known.
     *
     * @param self the node that asks
     * @param absent named members that are not there
     */
    ClusterState state(NodeState self, List<String> absent, Instant now) {
        hear(self, now);
        heard.values().removeIf(one -> one.at().isBefore(now.minus(MEMORY)));
        List<Heard> byAge = heard.values().stream()
                .sorted(Comparator.<Heard, Instant>comparing(one -> one.state().startedAt())
                        .thenComparing(one -> one.state().node().value()))
                .toList();
        List<NodeState> states = byAge.stream().map(Heard::state).toList();
        List<ClusterState.Node> nodes = new ArrayList<>();
        for (Heard one : byAge) {
            Duration ago = Duration.between(one.at(), now);
            nodes.add(new ClusterState.Node(
                    one.state(), ago.isNegative() ? Duration.ZERO : ago, problems(one.state(), states)));
        }
        return new ClusterState(nodes, checks(self, nodes, absent));
    }

    private List<RoleHealth.Check> checks(NodeState self, List<ClusterState.Node> nodes, List<String> absent) {
        List<RoleHealth.Check> checks = new ArrayList<>();
        for (String role : roles) {
            boolean served = nodes.stream()
                    .anyMatch(node -> node.heardAgo().compareTo(SILENCE) <= 0
                            && node.state().roles().contains(role));
            if (!served) {
                checks.add(new RoleHealth.Check("role-" + role, missing(role, self), "no node has the role " + role));
            }
        }
        for (ClusterState.Node node : nodes) {
            // Its own roles a node shows itself.
            Stream<String> unwell = node.state().node().equals(self.node()) ? Stream.empty() : unwell(node.state());
            Stream.concat(node.problems().stream(), unwell)
                    .forEach(problem -> checks.add(new RoleHealth.Check(
                            node.state().node().value(),
                            RoleHealth.Status.DEGRADED,
                            named(node.state()) + " " + problem)));
        }
        if (!absent.isEmpty()) {
            checks.add(new RoleHealth.Check(
                    "members",
                    RoleHealth.Status.DEGRADED,
                    "members that the settings name are not there: " + String.join(", ", absent)));
        }
        return checks;
    }

    /** What is wrong with the roles of a node. Others may do its work, so that it is no more than degraded for all. */
    private static Stream<String> unwell(NodeState node) {
        RoleHealth.Status status = node.status();
        if (status == null || status == RoleHealth.Status.HEALTHY) {
            return Stream.empty();
        }
        return Stream.of(
                "is " + status.name().toLowerCase(Locale.ROOT) + (node.trouble() == null ? "" : ": " + node.trouble()));
    }

    /** Without storage or validation an API accepts nothing. */
    private static RoleHealth.Status missing(String role, NodeState self) {
        boolean nothingIsAccepted =
                self.roles().contains("ingestion") && (role.equals("storage") || role.equals("validation"));
        return nothingIsAccepted ? RoleHealth.Status.UNHEALTHY : RoleHealth.Status.DEGRADED;
    }

    /** Of two that do not fit, the one that was there first is right. */
    private static List<String> problems(NodeState node, List<NodeState> byAge) {
        List<String> problems = new ArrayList<>();
        differing(node, byAge, NodeState::wireMajor)
                .ifPresent(first -> problems.add("speaks wire format " + node.wireMajor() + " and " + named(first) + " "
                        + first.wireMajor() + ": they do not understand each other"));
        differing(node, byAge, NodeState::tokenTag)
                .ifPresent(first -> problems.add("has another WEBHOOK_JWT_SECRET or WEBHOOK_JWT_PUBLIC_KEY than "
                        + named(first) + ": a token is accepted by one and refused by the other"));
        differing(node, byAge, NodeState::store)
                .ifPresent(first -> problems.add(
                        "serves another store than " + named(first) + ": each has a part of the messages only"));
        return problems;
    }

    /** The first node that has something there, if that is not what this one has. */
    private static Optional<NodeState> differing(
            NodeState node, List<NodeState> byAge, Function<NodeState, @Nullable Object> part) {
        Object own = part.apply(node);
        return own == null
                ? Optional.empty()
                : byAge.stream()
                        .filter(other -> part.apply(other) != null)
                        .findFirst()
                        .filter(first -> !Objects.equals(part.apply(first), own));
    }

    private static String named(NodeState node) {
        return node.node() + (node.address() == null ? "" : " at " + node.address());
    }
}
