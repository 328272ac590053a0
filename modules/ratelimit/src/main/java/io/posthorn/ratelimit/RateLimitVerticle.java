package io.posthorn.ratelimit;

import io.micrometer.core.instrument.MeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.bus.Served;
import io.posthorn.config.RateLimitConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.Throttle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Serves permits to send. The store counts them, so there may be any number of it, on any nodes. */
public final class RateLimitVerticle extends VerticleBase {
    private final Permits permits;
    private final Bus bus;
    private final List<Served> served = new ArrayList<>();

    /** Serves nothing before it is deployed. */
    public RateLimitVerticle(RateLimitConfig config, Bus bus, InstantSource clock, MeterRegistry registry) {
        this.permits = new Permits(config, bus, clock, registry);
        this.bus = bus;
    }

    @Override
    public Future<?> start() {
        Future<Served> asked = bus.serve(Addresses.PERMITS, permits::ask);
        Future<Served> status = bus.serve(Addresses.RATE_LIMIT_STATUS, permits::status);
        Future<Served> health = bus.serve(
                Addresses.healthOf("ratelimit"), (ask, deadline) -> Future.succeededFuture(health(permits.usual())));
        return Future.all(asked.onSuccess(served::add), status.onSuccess(served::add), health.onSuccess(served::add));
    }

    @Override
    public Future<?> stop() {
        return Future.all(served.stream().map(Served::stop).toList());
    }

    private static RoleHealth health(@Nullable Throttle usual) {
        String detail = usual == null
                ? "endpoints without a limit of their own have none"
                : "endpoints without a limit of their own get " + usual.permits() + " deliveries in "
                        + usual.window().toMillis() + " ms";
        return new RoleHealth("ratelimit", List.of(new RoleHealth.Check("permits", RoleHealth.Status.HEALTHY, detail)));
    }
}
