package io.posthorn.validation;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Served;
import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.EntityDraft;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;

/** Checks inputs at the addresses {@code posthorn.validation.*}; keeps nothing, so any number of instances may run. */
public final class ValidationVerticle extends VerticleBase {
    private static final String ROLE = "validation";

    private final MessageCheck messages;
    private final EntityCheck entities;
    private final Bus bus;
    private List<Future<Served>> served = List.of();

    /** @param retention how long a payload is kept when its message does not say */
    public ValidationVerticle(ValidationConfig config, Duration retention, Bus bus) {
        this.messages = new MessageCheck(config, retention);
        this.entities = new EntityCheck(config);
        this.bus = bus;
    }

    @Override
    public Future<?> start() {
        served = List.of(
                bus.serve(
                        Addresses.CHECK_MESSAGES,
                        (drafts, deadline) -> Future.succeededFuture(new Batches.CheckResults(
                                drafts.items().stream().map(messages::check).toList()))),
                bus.serve(
                        Addresses.CHECK_ENTITY,
                        (draft, deadline) ->
                                Future.succeededFuture(new EntityDraft.Verdict(entities.check(draft.entity())))),
                bus.serve(
                        Addresses.healthOf(ROLE),
                        (ask, deadline) -> Future.succeededFuture(new RoleHealth(
                                ROLE,
                                List.of(new RoleHealth.Check("checks", RoleHealth.Status.HEALTHY, "answering"))))));
        return Future.all(served);
    }

    @Override
    public Future<?> stop() {
        return Future.join(
                served.stream().map(address -> address.compose(Served::stop)).toList());
    }
}
