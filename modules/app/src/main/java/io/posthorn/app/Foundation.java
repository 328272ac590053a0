package io.posthorn.app;

import io.posthorn.app.cluster.ClusterRefused;
import io.posthorn.app.cluster.HazelcastPeers;
import io.posthorn.app.cluster.MemberCard;
import io.posthorn.app.cluster.Peers;
import io.posthorn.bus.WireFormat;
import io.posthorn.config.Settings;
import io.posthorn.contract.NodeId;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a node stands on: a Vert.x of its own, or one that is a member of a cluster.
 *
 * @param node a new name for every run, since a name that comes back would seem to hold its old leases
 * @param address where it is a member; null when it is alone
 */
record Foundation(
        Vertx vertx, NodeId node, Peers peers, @Nullable String address) {
    /** Joins the cluster of the settings if there is one; blocks meanwhile. */
    static Foundation of(Settings settings) throws StartRefused, InterruptedException {
        VertxBuilder builder = Vertx.builder().withTransport(Transports.best());
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(Table.eventLoops(settings))
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
        if (!settings.cluster().isOn()) {
            return new Foundation(
                    builder.with(options).build(), new NodeId("node-" + UUID.randomUUID()), Peers.none(), null);
        }
        try {
            HazelcastPeers peers =
                    HazelcastPeers.of(settings.cluster(), new MemberCard(Version.current(), WireFormat.MAJOR));
            Vertx vertx = Waiting.resultOf(peers.join(builder, options), "the cluster");
            return new Foundation(vertx, peers.self(), peers, peers.address());
        } catch (ClusterRefused e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        }
    }
}
