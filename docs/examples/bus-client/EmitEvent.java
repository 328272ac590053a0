import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.concurrent.TimeUnit;

/**
 * A Vert.x program that emits an event to Posthorn over the event bus. It knows none of Posthorn's classes: it needs
 * vertx-core and vertx-hazelcast, of the version that Posthorn has.
 *
 * <pre>java -cp "lib/*" EmitEvent.java posthorn 127.0.0.1 5799 127.0.0.1:5701 my-application</pre>
 */
final class EmitEvent {
    public static void main(String[] args) throws Exception {
        if (args.length != 5) {
            System.err.println("usage: EmitEvent CLUSTER HOST PORT MEMBER APPLICATION");
            System.exit(2);
        }
        String cluster = args[0];
        String host = args[1];
        int port = Integer.parseInt(args[2]);
        String member = args[3];
        String application = args[4];

        Config config = new Config();
        config.setClusterName(cluster);
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface(host);
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).addMember(member);

        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost(host)))
                .withClusterManager(new HazelcastClusterManager(config))
                .buildClustered()
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        try {
            JsonObject event = new JsonObject()
                    .put("application", application)
                    .put("eventType", "invoice.paid")
                    .put("eventId", "invoice-4711")
                    .put("payload", new JsonObject().put("amount", 1250));
            // The failure of a refused event is a ReplyException whose code is the status that the HTTP API would answer.
            JsonObject stored = vertx.eventBus()
                    .<JsonObject>request("posthorn.messages", event, new DeliveryOptions().setSendTimeout(15_000))
                    .map(Message::body)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            System.out.println("stored " + stored.getString("id"));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }
}
