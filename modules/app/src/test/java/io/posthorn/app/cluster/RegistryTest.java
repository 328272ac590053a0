package io.posthorn.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.posthorn.contract.ClusterState;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.NodeState;
import io.posthorn.contract.RoleHealth;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final List<String> ROLES = List.of("storage", "validation", "dispatch", "ingestion");

    private final Registry registry = new Registry(ROLES);
    private final NodeState self = node("self", 1, "store", "tag", ROLES);

    @Test
    void listsNodesByTheirAgeWithTheirLastHeartbeat() {
        // Given
        registry.hear(node("older", 0, null, null, List.of("dispatch")), NOW.minusSeconds(2));

        // When
        ClusterState state = registry.state(self, List.of(), NOW);

        // Then
        assertThat(state.nodes())
                .extracting(node -> node.state().node().value())
                .containsExactly("older", "self");
        assertThat(state.nodes())
                .extracting(node -> node.heardAgo().toSeconds())
                .containsExactly(2L, 0L);
        assertThat(state.checks()).isEmpty();
    }

    @Test
    void oneThatIsGoneIsForgottenAtOnceAndOneThatIsSilentAfterAWhile() {
        // Given
        registry.hear(node("gone", 0, null, null, List.of()), NOW);
        registry.hear(node("silent", 0, null, null, List.of()), NOW);

        // When
        registry.forget(new NodeId("gone"));

        // Then
        assertThat(names(registry.state(self, List.of(), NOW.plusSeconds(29)))).containsExactly("silent", "self");
        assertThat(names(registry.state(self, List.of(), NOW.plusSeconds(31)))).containsExactly("self");
    }

    @Test
    void rolesThatNobodyHasAreNamedAndWeighWhatTheyCost() {
        // Given
        NodeState api = node("api", 1, null, "tag", List.of("ingestion"));
        NodeState sender = node("sender", 1, null, null, List.of("dispatch"));

        // When
        List<RoleHealth.Check> ofApi = registry.state(api, List.of(), NOW).checks();
        registry.forget(api.node());
        List<RoleHealth.Check> ofSender = registry.state(sender, List.of(), NOW).checks();

        // Then
        assertThat(ofApi)
                .extracting(RoleHealth.Check::name, RoleHealth.Check::status)
                .containsExactly(
                        tuple("role-storage", RoleHealth.Status.UNHEALTHY),
                        tuple("role-validation", RoleHealth.Status.UNHEALTHY),
                        tuple("role-dispatch", RoleHealth.Status.DEGRADED));
        assertThat(ofSender).extracting(RoleHealth.Check::status).containsOnly(RoleHealth.Status.DEGRADED);
        assertThat(ofSender.get(0).detail()).isEqualTo("no node has the role storage");
    }

    @Test
    void aSilentNodeIsNotCountedOn() {
        // Given
        NodeState api = node("api", 1, null, "tag", List.of("ingestion", "validation", "dispatch"));
        registry.hear(node("storage", 0, "store", null, List.of("storage")), NOW.minusSeconds(6));

        // When
        ClusterState state = registry.state(api, List.of(), NOW);

        // Then
        assertThat(names(state)).containsExactly("storage", "api");
        assertThat(state.checks()).extracting(RoleHealth.Check::name).containsExactly("role-storage");
    }

    @Test
    void ofTwoThatDoNotFitTheNewerIsNamedWithTheReason() {
        // Given
        registry.hear(self, NOW);
        registry.hear(
                new NodeState(
                        new NodeId("newer"),
                        "10.0.0.2:5701",
                        "2.0",
                        2,
                        ROLES,
                        NOW.plusSeconds(2),
                        null,
                        null,
                        0,
                        0,
                        0,
                        "other store",
                        "other tag"),
                NOW);

        // When
        ClusterState state = registry.state(self, List.of("10.0.0.3:5701"), NOW);

        // Then
        assertThat(state.nodes().get(0).problems()).isEmpty();
        assertThat(state.nodes().get(1).problems()).hasSize(3);
        assertThat(state.checks())
                .extracting(RoleHealth.Check::detail)
                .containsExactly(
                        "newer at 10.0.0.2:5701 speaks wire format 2 and self 1: they do not understand each other",
                        "newer at 10.0.0.2:5701 has another WEBHOOK_JWT_SECRET or WEBHOOK_JWT_PUBLIC_KEY than self: a token"
                                + " is accepted by one and refused by the other",
                        "newer at 10.0.0.2:5701 serves another store than self: each has a part of the messages only",
                        "members that the settings name are not there: 10.0.0.3:5701");
        assertThat(state.checks()).extracting(RoleHealth.Check::status).containsOnly(RoleHealth.Status.DEGRADED);
    }

    @Test
    void whatIsWrongWithTheRolesOfAnotherNodeIsSaidWithItsName() {
        // Given
        registry.hear(unwell("10.0.0.2", RoleHealth.Status.UNHEALTHY, "storage engine: redis is away"), NOW);
        registry.hear(unwell("10.0.0.3", RoleHealth.Status.HEALTHY, null), NOW);

        // When
        ClusterState state =
                registry.state(unwell("10.0.0.1", RoleHealth.Status.DEGRADED, "dispatch drain: ends"), List.of(), NOW);

        // Then: what is wrong with the one that is asked stands among its own checks
        assertThat(state.checks())
                .singleElement()
                .isEqualTo(new RoleHealth.Check(
                        "10.0.0.2",
                        RoleHealth.Status.DEGRADED,
                        "10.0.0.2 at 10.0.0.2:5701 is unhealthy: storage engine: redis is away"));
    }

    private static NodeState unwell(String host, RoleHealth.Status status, @Nullable String trouble) {
        return new NodeState(
                new NodeId(host), host + ":5701", "1.0", 1, ROLES, NOW, status, trouble, 0, 0, -1, null, null);
    }

    @Test
    void holdsNoMoreThanAThousandNodes() {
        for (int i = 0; i < 1_500; i++) {
            registry.hear(node("node-" + i, 0, null, null, List.of()), NOW);
        }

        assertThat(registry.state(self, List.of(), NOW).nodes()).hasSize(1_000);
    }

    private static List<String> names(ClusterState state) {
        return state.nodes().stream().map(node -> node.state().node().value()).toList();
    }

    private static NodeState node(
            String name, int started, @Nullable String store, @Nullable String tag, List<String> roles) {
        return new NodeState(
                new NodeId(name),
                null,
                "1.0",
                1,
                roles,
                NOW.plusSeconds(started),
                RoleHealth.Status.HEALTHY,
                null,
                0,
                0,
                -1,
                store,
                tag);
    }
}
