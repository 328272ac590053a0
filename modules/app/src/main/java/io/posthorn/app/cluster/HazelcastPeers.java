package io.posthorn.app.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.core.HazelcastInstance;
import io.posthorn.bus.Routes;
import io.posthorn.config.ClusterConfig;
import io.posthorn.config.ClusterType;
import io.posthorn.contract.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.spi.cluster.NodeInfo;
import java.security.Security;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Members of a cluster that Hazelcast holds together. Nothing of it is loaded where there is no cluster. */
public final class HazelcastPeers implements Peers {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastPeers.class);
    private static final long LOOK_UP_MILLIS = 10_000;

    /** Java keeps what a name stands for for 30 s if nobody tells it otherwise before it looks up the first. */
    private static final String NAMES_KEPT = "networkaddress.cache.ttl";

    private static final String NAMES_KEPT_SECONDS = "5";

    private final ClusterConfig config;
    private final ClusterSockets sockets;
    private final MemberCard card;
    private final BusTls tls;
    private final MemberRoutes cluster;
    private final TcpIpConfig looksFor;
    private volatile List<String> seeds;

    private HazelcastPeers(ClusterConfig config, ClusterSockets sockets, MemberCard card) {
        this.config = config;
        this.sockets = sockets;
        this.card = card;
        this.tls = BusTls.of(config);
        this.seeds = sockets.seeds();
        Config settings = HazelcastSettings.of(config, sockets);
        this.looksFor = settings.getNetworkConfig().getJoin().getTcpIpConfig();
        this.cluster = new MemberRoutes(settings);
    }

    /**
     * Looks up and tries the addresses of the settings; blocks meanwhile.
     *
     * @param card what this node shows to the others
     */
    public static HazelcastPeers of(ClusterConfig config, MemberCard card) throws ClusterRefused {
        // What it says before it has read any settings goes where all logs go, too.
        System.setProperty("hazelcast.logging.type", "slf4j");
        if (Security.getProperty(NAMES_KEPT) == null) {
            Security.setProperty(NAMES_KEPT, NAMES_KEPT_SECONDS);
        }
        return new HazelcastPeers(config, ClusterSockets.of(config), card);
    }

    /**
     * Makes a Vert.x that is a member.
     *
     * @return fails with a {@link ClusterRefused} when the cluster cannot be joined, or when its nodes would not understand
     *     this one or could not send it anything
     */
    public Future<Vertx> join(VertxBuilder builder, VertxOptions options) {
        return builder.with(options.setEventBusOptions(busOptions()))
                .withClusterManager(cluster)
                .buildClustered()
                .recover(cause -> Future.failedFuture(new ClusterRefused(
                        "the cluster cannot be joined at " + address() + ": " + lines(cause), cause)))
                .compose(vertx -> strangers(vertx)
                        .compose(strange -> strange.isEmpty()
                                ? Future.succeededFuture(vertx)
                                : vertx.close().transform(closed -> Future.failedFuture(new ClusterRefused(strange)))))
                .onSuccess(this::keepLookingUp);
    }

    /** A member that comes back may have another address, and a name may come to stand for more: found by the next merge. */
    private void keepLookingUp(Vertx vertx) {
        if (seeds.isEmpty()) {
            return;
        }
        vertx.setPeriodic(
                LOOK_UP_MILLIS,
                tick -> vertx.executeBlocking(() -> ClusterSockets.lookUp(sockets.members()))
                        .onSuccess(found -> {
                            seeds = found;
                            looksFor.setMembers(found);
                        })
                        .onFailure(cause -> LOG.debug("members cannot be looked up now", cause)));
    }

    /** The name of this node; known when it has joined. */
    public NodeId self() {
        return MemberRoutes.nameOf(cluster.getNodeId());
    }

    /** Where this node is a member. */
    public String address() {
        return (config.publicHost() == null ? sockets.host() : config.publicHost()) + ":" + config.port();
    }

    @Override
    public void onGone(Consumer<NodeId> listener) {
        cluster.onGone(listener);
    }

    @Override
    public Routes routes() {
        return cluster;
    }

    @Override
    public boolean isThere(NodeId node) {
        return cluster.getHazelcastInstance().getLifecycleService().isRunning()
                && cluster.getNodes().stream()
                        .anyMatch(id -> MemberRoutes.nameOf(id).equals(node));
    }

    @Override
    public Future<Void> leave() {
        Promise<Void> left = Promise.promise();
        cluster.leave(left);
        return left.future();
    }

    @Override
    public List<String> absent() {
        HazelcastInstance instance = cluster.getHazelcastInstance();
        if (config.type() != ClusterType.MEMBERS
                || !instance.getLifecycleService().isRunning()) {
            return List.of();
        }
        Set<String> there = new HashSet<>();
        for (Member member : instance.getCluster().getMembers()) {
            Address address = member.getAddress();
            String host = address.getHost();
            there.add((host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
        }
        List<String> absent = new ArrayList<>(seeds);
        absent.removeAll(there);
        return absent;
    }

    private EventBusOptions busOptions() {
        EventBusOptions bus = new EventBusOptions()
                .setHost(sockets.host())
                .setPort(config.busPort())
                .setClusterNodeMetadata(card.toJson());
        if (config.publicHost() != null) {
            bus.setClusterPublicHost(config.publicHost());
        }
        tls.addTo(bus);
        return bus;
    }

    /** Who would not understand this node, or cannot be spoken to; empty when nobody. */
    private Future<String> strangers(Vertx vertx) {
        List<Future<String>> asked = new ArrayList<>();
        for (String id : cluster.getNodes()) {
            if (!id.equals(cluster.getNodeId())) {
                Promise<NodeInfo> info = Promise.promise();
                cluster.getNodeInfo(id, info);
                // One that goes meanwhile, or has not said what it is yet, is told apart by its heartbeats.
                asked.add(info.future()
                        .compose(found -> strange(vertx, id, found))
                        .otherwise(""));
            }
        }
        return Future.all(asked)
                .map(all -> asked.stream()
                        .map(Future::result)
                        .filter(line -> !line.isEmpty())
                        .findFirst()
                        .orElse(""));
    }

    private Future<String> strange(Vertx vertx, String id, NodeInfo info) {
        @Nullable MemberCard other = MemberCard.of(info.metadata());
        if (other != null && other.wireMajor() != card.wireMajor()) {
            return Future.succeededFuture(MemberRoutes.nameOf(id) + " at " + info.host() + " (version "
                    + other.version() + ") speaks wire format "
                    + other.wireMajor() + ", this node (version " + card.version() + ") " + card.wireMajor()
                    + ": they would not understand each other");
        }
        return tls.objection(vertx, info)
                .map(objection -> objection.isEmpty()
                        ? ""
                        : MemberRoutes.nameOf(id) + " at " + info.host() + ":" + info.port() + " " + objection);
    }

    private static String lines(Throwable cause) {
        return String.valueOf(cause.getMessage()).replaceAll("\\s*\\R\\s*", "; ");
    }
}
