package io.posthorn.ratelimit;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Served;
import io.posthorn.config.RateLimitConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Serves permits to send, on one event loop; deploy one instance, since it holds the counts. */
public final class RateLimitVerticle extends VerticleBase {
    private final RateLimitConfig config;
    private final Bus bus;
    private final InstantSource clock;
    private final List<Served> served = new ArrayList<>();

    /** Serves nothing before it is deployed. */
    public RateLimitVerticle(RateLimitConfig config, Bus bus, InstantSource clock) {
        this.config = config;
        this.bus = bus;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        Permits permits = new Permits(config, clock);
        Future<Served> asked = bus.serve(
                Addresses.PERMITS,
                (requests, deadline) -> Future.succeededFuture(new Batches.PermitGrants(
                        requests.items().stream().map(permits::ask).toList())));
        Future<Served> status = bus.serve(
                Addresses.RATE_LIMIT_STATUS, (question, deadline) -> Future.succeededFuture(permits.status(question)));
        Future<Served> health = bus.serve(
                Addresses.healthOf("ratelimit"),
                (ask, deadline) -> Future.succeededFuture(new RoleHealth(
                        "ratelimit",
                        List.of(new RoleHealth.Check(
                                "permits",
                                RoleHealth.Status.HEALTHY,
                                permits.remembered() + " endpoints have used some of their limit")))));
        return Future.all(asked.onSuccess(served::add), status.onSuccess(served::add), health.onSuccess(served::add));
    }

    @Override
    public Future<?> stop() {
        return Future.all(served.stream().map(Served::stop).toList());
    }
}
