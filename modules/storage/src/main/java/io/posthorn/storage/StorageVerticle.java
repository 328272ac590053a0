package io.posthorn.storage;

import io.posthorn.bus.Bus;
import io.posthorn.storage.api.StorageEngine;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;

/** Serves a storage engine at the addresses {@code posthorn.storage.*}. One instance for each engine. */
public final class StorageVerticle extends VerticleBase {
    private final StorageEngine engine;
    private final Bus bus;
    private final InstantSource clock;
    private final DoubleSupplier processorLoad;

    private StorageServices services;
    private WaitingClaims claims;
    private AppendPace pace;
    private Sweeps sweeps;

    /**
     * Takes over the engine: it is opened on start and closed on stop.
     *
     * @param clock the same one as the engine's
     * @param processorLoad how busy the processors of this machine were since it was last asked, 0 to 1; negative or NaN
     *     when unknown. While they are busy and deliveries wait for them, appends are held back.
     */
    @SuppressWarnings("NullAway.Init") // set by start(), before anything else is called
    public StorageVerticle(StorageEngine engine, Bus bus, InstantSource clock, DoubleSupplier processorLoad) {
        this.engine = engine;
        this.bus = bus;
        this.clock = clock;
        this.processorLoad = processorLoad;
    }

    /**
     * Completes when the store is open and every address is served; fails with
     * {@link io.posthorn.storage.api.StoreRefused} when it must not be opened, or when others serve another store.
     */
    @Override
    public Future<?> start() {
        EngineCalls calls = new EngineCalls(context);
        Timers timers = new VertxTimers(vertx);
        pace = new AppendPace(
                messages -> calls.on(engine.append(messages)),
                new DeliveryPressure(System::nanoTime, clock, processorLoad),
                System::nanoTime,
                timers);
        claims = new WaitingClaims(engine, calls, pace, timers, clock);
        sweeps = new Sweeps(engine, calls, timers);
        services = new StorageServices(engine, calls, claims, pace, new Audits(engine, calls), bus);
        return calls.on(engine.open())
                .compose(opened -> calls.on(new OneStore(engine, bus).check())
                        .recover(cause -> engine.close().transform(closed -> Future.failedFuture(cause))))
                .compose(sole -> services.serve())
                .onSuccess(served -> {
                    engine.onWork(claims::workArrived);
                    sweeps.start();
                });
    }

    /** Takes no more requests, performs the appends that are held, answers the claims that wait, and closes the store. */
    @Override
    public Future<?> stop() {
        sweeps.stop();
        claims.stop();
        pace.stop();
        return services.stop().transform(stopped -> new EngineCalls(context).on(engine.close()));
    }
}
