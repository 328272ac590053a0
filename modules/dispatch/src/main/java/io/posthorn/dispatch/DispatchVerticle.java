package io.posthorn.dispatch;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.posthorn.bus.Bus;
import io.posthorn.config.DispatchConfig;
import io.posthorn.config.EgressConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** Claims deliveries and sends them. Several instances, each on its own event loop with its own client and its share of slots. */
public final class DispatchVerticle extends VerticleBase {
    private static final Duration SETTLE_TIME = Duration.ofSeconds(5);

    private final DispatchSettings settings;
    private final Bus bus;
    private final NodeId node;
    private final InstantSource clock;
    private final MeterRegistry registry;
    private final AddressPolicy policy;

    private EndpointClients clients;
    private Drain drain;

    /**
     * A dispatcher of a node. {@link #stop()} takes up to the configured drain timeout and five seconds to store results.
     *
     * @throws IllegalArgumentException when an egress range is not a CIDR
     */
    @SuppressWarnings("NullAway.Init") // set by start(), before anything else is called
    public DispatchVerticle(
            DispatchSettings settings, Bus bus, NodeId node, InstantSource clock, MeterRegistry registry) {
        this.settings = settings;
        this.bus = bus;
        this.node = node;
        this.clock = clock;
        this.registry = registry;
        this.policy =
                new AddressPolicy(settings.egress().allow(), settings.egress().deny());
    }

    /** Completes when it claims; it does so whether or not storage is there yet. */
    @Override
    public Future<?> start() {
        return vertx.executeBlocking(DefaultHostsFileEntriesResolver::new).compose(this::wire);
    }

    /** Claims no more, waits for what is in flight, hands back the rest, stores all results and closes its clients. */
    @Override
    public Future<?> stop() {
        return drain.run().transform(drained -> clients.close());
    }

    private Future<?> wire(DefaultHostsFileEntriesResolver hostsFile) {
        DispatchConfig config = settings.dispatch();
        EgressConfig egress = settings.egress();
        int share = Math.max(1, config.maxInFlight() / Math.max(1, config.instances()));
        RandomGenerator random = RandomGenerator.of("SplittableRandom");
        Timers timers = new VertxTimers(vertx, context);
        clients = EndpointClients.of(new VertxHttpClients(vertx, config, egress, share), timers);
        DispatchMetrics metrics = new DispatchMetrics(registry);
        Slots slots = new Slots(share, metrics);
        Parking parking = new Parking(bus, timers, clock, new Backoff(random));
        Surroundings surroundings = new Surroundings(bus, timers, clock, random, metrics);
        EgressGuard guard = new EgressGuard(
                policy, new DnsNames(clients.dns(), hostsFile, egress.dnsTimeout()), egress, Ticker.systemTicker());
        AttemptSender sender = AttemptSender.wired(new Dialer(guard, clients.connector()), config, surroundings);
        Settler settler = new Settler(bus, slots, timers, clock, new Backoff(random), metrics);
        Consequences consequences = Consequences.wired(
                settings, Breakers.of(vertx, settings.circuit(), config.timeout()), surroundings, parking, settler);
        Deliverer deliverer = new Deliverer(
                slots,
                new Permits(bus, parking, clock, settings.rateLimit().limit() != null),
                sender,
                consequences,
                settler,
                parking,
                metrics,
                new UnderWay(timers, config.timeout(), System::nanoTime, new SlowReceivers(share / 2)),
                clock);
        LeaseTime lease = LeaseTime.forAttemptsOf(config.timeout());
        ClaimLoop loop = new ClaimLoop(bus, node, lease, slots, deliverer, timers, new Backoff(random));
        drain = new Drain(loop, deliverer, slots, timers, config.drainTimeout(), SETTLE_TIME);
        return bus.serve(
                        Addresses.healthOf("dispatch"),
                        (ask, deadline) -> Future.succeededFuture(new RoleHealth("dispatch", List.of(loop.health()))))
                .onSuccess(served -> loop.start());
    }
}
