package io.posthorn.storage;

import io.posthorn.bus.Bus;
import io.posthorn.storage.api.StorageEngine;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;

/** Serves a storage engine at the addresses {@code posthorn.storage.*}. One instance for each engine. */
public final class StorageVerticle extends VerticleBase {
    private final StorageEngine engine;
    private final Bus bus;
    private final InstantSource clock;

    private StorageServices services;
    private WaitingClaims claims;
    private Sweeps sweeps;

    /**
     * Takes over the engine: it is opened on start and closed on stop.
     *
     * @param clock the same one as the engine's
     */
    @SuppressWarnings("NullAway.Init") // set by start(), before anything else is called
    public StorageVerticle(StorageEngine engine, Bus bus, InstantSource clock) {
        this.engine = engine;
        this.bus = bus;
        this.clock = clock;
    }

    /**
     * Completes when the store is open and every address is served; fails with
     * {@link io.posthorn.storage.api.StoreRefused} when it must not be opened.
     */
    @Override
    public Future<?> start() {
        EngineCalls calls = new EngineCalls(context);
        claims = new WaitingClaims(engine, calls, new VertxTimers(vertx), clock);
        sweeps = new Sweeps(engine, calls, new VertxTimers(vertx));
        services = new StorageServices(engine, calls, claims, new Audits(engine, calls), bus);
        return calls.on(engine.open()).compose(opened -> services.serve()).onSuccess(served -> {
            engine.onWork(() -> context.runOnContext(nothing -> claims.workArrived()));
            sweeps.start();
        });
    }

    /** Takes no more requests, answers the claims that wait, and closes the store. */
    @Override
    public Future<?> stop() {
        sweeps.stop();
        claims.stop();
        return services.stop().transform(stopped -> new EngineCalls(context).on(engine.close()));
    }
}
