package io.posthorn.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.posthorn.app.cluster.NodesVerticle;
import io.posthorn.app.cluster.OwnState;
import io.posthorn.app.cluster.TokenTag;
import io.posthorn.bus.Bus;
import io.posthorn.config.IngestionConfig;
import io.posthorn.config.Settings;
import io.posthorn.contract.Secret;
import io.posthorn.dispatch.DispatchSettings;
import io.posthorn.dispatch.DispatchVerticle;
import io.posthorn.health.HealthVerticle;
import io.posthorn.health.Readiness;
import io.posthorn.ingestion.Admission;
import io.posthorn.ingestion.IngestionSettings;
import io.posthorn.ingestion.IngestionVerticle;
import io.posthorn.ingestion.PendingGate;
import io.posthorn.ingestion.RequestLimits;
import io.posthorn.ratelimit.RateLimitVerticle;
import io.posthorn.storage.StorageVerticle;
import io.posthorn.validation.EventSchemas;
import io.posthorn.validation.ValidationVerticle;
import io.vertx.core.ThreadingModel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The one table of deployments: what runs on a node, where and in which order. */
final class Table {
    /** All request bodies that are held together take at most this part of the heap. */
    private static final int BODY_SHARE = 4;

    private static final Duration QUICK = Duration.ofSeconds(5);
    private static final Duration ANSWERING = Duration.ofSeconds(15);
    private static final Duration LEAVING = Duration.ofSeconds(15);
    private static final Duration FLUSHING = Duration.ofSeconds(30);
    private static final Duration HANDING_BACK = Duration.ofSeconds(5);

    private final Settings settings;
    private final Engines engines;
    private final @Nullable Secret secret;
    private final Bus bus;
    private final InstantSource clock;
    private final Listening listening;
    private final Foundation foundation;
    private final NodeMetrics metrics;
    private final MeterRegistry registry;
    private final Readiness readiness;

    Table(
            Settings settings,
            Engines engines,
            @Nullable Secret secret,
            Bus bus,
            InstantSource clock,
            Foundation foundation,
            NodeMetrics metrics,
            Readiness readiness,
            Listening listening) {
        this.settings = settings;
        this.engines = engines;
        this.secret = secret;
        this.bus = bus;
        this.clock = clock;
        this.foundation = foundation;
        this.metrics = metrics;
        this.registry = metrics.registry();
        this.readiness = readiness;
        this.listening = listening;
    }

    /**
     * The deployments of these roles, in the order in which they start. What knows of the other nodes starts behind health
     * and before all that needs others, and so it leaves the cluster when everything else has stopped.
     */
    List<Deployment> of(Set<Role> roles) {
        List<Deployment> table = new ArrayList<>();
        for (Role role : Role.values()) {
            if (role == Role.STORAGE) {
                table.add(nodes(roles));
            }
            if (roles.contains(role)) {
                table.add(deployment(role, roles));
            }
        }
        return table;
    }

    /**
     * How many event loops a node has. Vert.x hands them out in turn: one to the thread that starts the node, one to each
     * instance, one to what cleans the pool of each dispatcher's client. With so many, a validator shares the loop of an
     * ingestion instance, and dispatchers share none with those, so that few requests between roles wake another thread,
     * which costs more than most of what is asked for (docs/performance.md). Nothing but speed depends on it.
     */
    static int eventLoops(Settings settings) {
        return settings.ingestion().instances() + 2 * settings.dispatch().instances();
    }

    /** How long all of them may take to stop together. */
    Duration stopTimeout(Set<Role> roles) {
        return of(roles).stream().map(Deployment::stopTimeout).reduce(Duration.ZERO, Duration::plus);
    }

    private Deployment deployment(Role role, Set<Role> roles) {
        return switch (role) {
            case HEALTH -> health(roles);
            case STORAGE -> storage();
            case RATELIMIT -> rateLimit();
            case VALIDATION -> validation();
            case DISPATCH -> dispatch();
            case INGESTION -> ingestion();
        };
    }

    private Deployment health(Set<Role> roles) {
        Set<String> asked = roles.stream()
                .filter(role -> role != Role.HEALTH)
                .map(Role::lowerCase)
                .collect(Collectors.toCollection(TreeSet::new));
        return Deployment.single(
                Role.HEALTH.lowerCase(),
                () -> new HealthVerticle(
                        settings.health(),
                        bus,
                        clock,
                        foundation.node(),
                        Version.current(),
                        asked,
                        readiness,
                        metrics,
                        listening::management),
                QUICK);
    }

    private Deployment nodes(Set<Role> roles) {
        OwnState self = new OwnState(
                foundation.node(),
                foundation.address(),
                Version.current(),
                roles.stream().map(Role::lowerCase).sorted().toList(),
                clock.instant(),
                readiness::roles,
                readiness::trouble,
                metrics::inFlight,
                roles.contains(Role.DISPATCH) ? settings.dispatch().maxInFlight() : 0,
                ProcessorLoad.ofMachine(),
                roles.contains(Role.INGESTION)
                        ? TokenTag.of(secret(), settings.ingestion().jwtPublicKey())
                        : null);
        List<String> all = Arrays.stream(Role.values()).map(Role::lowerCase).toList();
        return Deployment.single("nodes", () -> new NodesVerticle(self, all, foundation.peers(), bus, clock), LEAVING);
    }

    private Deployment storage() {
        return Deployment.single(
                Role.STORAGE.lowerCase(),
                () -> new StorageVerticle(engines.ofNode(), bus, clock, ProcessorLoad.ofMachine()),
                FLUSHING);
    }

    private Deployment rateLimit() {
        return Deployment.single(
                Role.RATELIMIT.lowerCase(),
                () -> new RateLimitVerticle(settings.rateLimit(), bus, clock, registry),
                QUICK);
    }

    private Deployment validation() {
        EventSchemas schemas = new EventSchemas(settings.validation());
        return new Deployment(
                Role.VALIDATION.lowerCase(),
                () -> new ValidationVerticle(
                        settings.validation(), settings.storage().retention(), schemas, bus),
                settings.ingestion().instances(),
                ThreadingModel.EVENT_LOOP,
                QUICK);
    }

    /** It waits for the attempts in flight, and then hands back what it holds. */
    private Deployment dispatch() {
        DispatchSettings sending = new DispatchSettings(
                settings.dispatch(),
                settings.retry(),
                settings.egress(),
                settings.rateLimit(),
                settings.circuit(),
                settings.storage().retention());
        return new Deployment(
                Role.DISPATCH.lowerCase(),
                () -> new DispatchVerticle(sending, bus, foundation.node(), clock, registry),
                settings.dispatch().instances(),
                ThreadingModel.EVENT_LOOP,
                settings.dispatch().drainTimeout().plus(HANDING_BACK).plus(HANDING_BACK));
    }

    private Secret secret() {
        return Objects.requireNonNull(secret, "a node with the role ingestion has a secret");
    }

    private Deployment ingestion() {
        IngestionConfig config = settings.ingestion().withJwtSecret(secret());
        Admission admission = new Admission(
                new PendingGate(config.maxPending(), Runtime.getRuntime().maxMemory() / BODY_SHARE),
                new RequestLimits(config, clock));
        IngestionSettings served = new IngestionSettings(
                config, settings.storage().retention(), settings.retry().sending(settings.dispatch()));
        return new Deployment(
                Role.INGESTION.lowerCase(),
                () -> new IngestionVerticle(served, bus, clock, registry, admission, listening::api),
                config.instances(),
                ThreadingModel.EVENT_LOOP,
                ANSWERING);
    }
}
