package io.posthorn.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.config.MultiMapConfig;
import io.posthorn.contract.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two members in one process. The table of registrations has no copies, so that a half of it is lost with a member. */
class MemberRoutesTest {
    private static final int ADDRESSES = 16;
    private static final long PATIENCE_SECONDS = 30;

    private final BlockingQueue<NodeId> gone = new LinkedBlockingQueue<>();
    private MemberRoutes here;
    private MemberRoutes there;
    private Vertx vertx;
    private Vertx other;

    @BeforeEach
    void join() throws Exception {
        List<Integer> ports = freePorts();
        here = new MemberRoutes(member(ports, 0));
        there = new MemberRoutes(member(ports, 1));
        here.onGone(gone::add);
        vertx = resultOf(Vertx.builder().withClusterManager(here).buildClustered());
        other = resultOf(Vertx.builder().withClusterManager(there).buildClustered());
    }

    @AfterEach
    void close() throws Exception {
        resultOf(other.close().otherwiseEmpty());
        resultOf(vertx.close());
    }

    @Test
    void whoDiedIsNotAskedAnyMoreThoughItsRegistrationsWereLost() throws Exception {
        // Given
        NodeId dead = MemberRoutes.nameOf(there.getNodeId());
        for (int i = 0; i < ADDRESSES; i++) {
            resultOf(other.eventBus()
                    .<String>consumer("address-" + i, message -> message.reply("yes"))
                    .completion());
            assertThat(resultOf(ask(i)).body()).isEqualTo("yes");
            assertThat(here.to("address-" + i)).containsExactly(dead);
        }

        // When
        there.getHazelcastInstance().getLifecycleService().terminate();

        // Then
        assertThat(gone.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(dead);
        for (int i = 0; i < ADDRESSES; i++) {
            Future<Message<String>> refused = ask(i);
            assertThatThrownBy(() -> resultOf(refused))
                    .as("address-%s", i)
                    .cause()
                    .isInstanceOfSatisfying(
                            ReplyException.class,
                            failure -> assertThat(failure.failureType()).isEqualTo(ReplyFailure.NO_HANDLERS));
            assertThat(here.to("address-" + i)).isEmpty();
        }
        assertThat(gone).as("told of once").isEmpty();
    }

    @Test
    void oneThatAppearsIsAskedThoughNobodyWasThereBefore() throws Exception {
        // Given
        Future<Message<String>> refused = ask(0);
        assertThatThrownBy(() -> resultOf(refused)).cause().isInstanceOf(ReplyException.class);

        // When
        resultOf(other.eventBus()
                .<String>consumer("address-0", message -> message.reply("yes"))
                .completion());

        // Then
        assertThat(resultOf(ask(0)).body()).isEqualTo("yes");
        assertThat(here.to("address-0")).isEqualTo(Set.of(MemberRoutes.nameOf(there.getNodeId())));
    }

    private Future<Message<String>> ask(int address) {
        return vertx.eventBus()
                .request(
                        "address-" + address,
                        "",
                        new DeliveryOptions().setSendTimeout(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS)));
    }

    private static Config member(List<Integer> ports, int number) {
        Config config = new Config();
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getNetworkConfig().setPort(ports.get(number)).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig()
                .getJoin()
                .getTcpIpConfig()
                .setEnabled(true)
                .setMembers(ports.stream().map(port -> "127.0.0.1:" + port).toList());
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(0)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        return config;
    }

    private static List<Integer> freePorts() throws IOException {
        List<Integer> ports = new ArrayList<>();
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ports.add(one.getLocalPort());
            ports.add(two.getLocalPort());
        }
        return ports;
    }

    private static <T> T resultOf(Future<T> future) throws InterruptedException, ExecutionException {
        try {
            // Much shorter than the time of a request: what is refused is refused at once.
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS / 2, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }
}
