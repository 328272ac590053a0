package io.posthorn.validation;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Served;
import io.posthorn.config.StorageConfig;
import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.EntityDraft;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;

/** Serves the checks of messages and entities, on one event loop; any number of instances. */
public final class ValidationVerticle extends VerticleBase {
    private final MessageCheck messages;
    private final EntityCheck entities;
    private final Bus bus;
    private final List<Served> served = new ArrayList<>();

    /** @param storage says how long a payload is kept that does not say so itself */
    public ValidationVerticle(ValidationConfig config, StorageConfig storage, Bus bus) {
        this.messages = new MessageCheck(config, storage.retention());
        this.entities = new EntityCheck(config.httpsOnly());
        this.bus = bus;
    }

    @Override
    public Future<?> start() {
        Future<Served> drafts = bus.serve(
                Addresses.CHECK_MESSAGES,
                (batch, deadline) -> Future.succeededFuture(new Batches.CheckResults(batch.items().stream()
                        .map(draft -> messages.check(draft.body()))
                        .toList())));
        Future<Served> entity = bus.serve(
                Addresses.CHECK_ENTITY,
                (draft, deadline) -> Future.succeededFuture(new EntityDraft.Verdict(entities.check(draft.entity()))));
        RoleHealth well = new RoleHealth(
                "validation", List.of(new RoleHealth.Check("checks", RoleHealth.Status.HEALTHY, "ready")));
        Future<Served> health =
                bus.serve(Addresses.healthOf("validation"), (ask, deadline) -> Future.succeededFuture(well));
        return Future.all(drafts.onSuccess(served::add), entity.onSuccess(served::add), health.onSuccess(served::add));
    }

    @Override
    public Future<?> stop() {
        return Future.all(served.stream().map(Served::stop).toList());
    }
}
