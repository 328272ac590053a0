package io.posthorn.validation;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Served;
import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.CheckOutcome;
import io.posthorn.contract.EntityDraft;
import io.posthorn.contract.EventType;
import io.posthorn.contract.MessageDraft;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Problem;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Checks inputs at the addresses {@code posthorn.validation.*}; any number of instances may run, which share what is known
 * of schemas and the threads that use them.
 */
public final class ValidationVerticle extends VerticleBase {
    private static final String ROLE = "validation";

    private final ValidationConfig config;
    private final MessageCheck messages;
    private final EntityCheck entities;
    private final EventSchemas schemas;
    private final Bus bus;
    private List<Future<Served>> served = List.of();

    /**
     * @param retention how long a payload is kept when its message does not say
     * @param schemas one for all instances of the node
     */
    public ValidationVerticle(ValidationConfig config, Duration retention, EventSchemas schemas, Bus bus) {
        this.config = config;
        this.messages = new MessageCheck(config, retention);
        this.entities = new EntityCheck(config, schemas);
        this.schemas = schemas;
        this.bus = bus;
    }

    @Override
    public Future<?> start() {
        WorkerExecutor threads = vertx.createSharedWorkerExecutor(
                "posthorn-schema",
                config.schemaThreads(),
                config.schemaTimeout().plus(EventSchema.COMPILE_TIME).toNanos(),
                TimeUnit.NANOSECONDS);
        SchemaWorkers workers = new SchemaWorkers(threads, schemas.waiting(), config.schemaMaxWaiting());
        PayloadCheck payloads = new PayloadCheck(schemas, workers, bus);
        served = List.of(
                bus.serve(
                        Addresses.CHECK_MESSAGES,
                        (drafts, deadline) -> Future.succeededFuture(new Batches.CheckResults(drafts.items().stream()
                                .map(draft -> check(draft, payloads))
                                .toList()))),
                bus.serve(Addresses.CHECK_PAYLOAD, payloads::check),
                bus.serve(
                        Addresses.CHECK_ENTITY,
                        (draft, deadline) -> verdict(draft, workers).map(EntityDraft.Verdict::new)),
                bus.serve(
                        Addresses.healthOf(ROLE),
                        (ask, deadline) -> Future.succeededFuture(new RoleHealth(
                                ROLE,
                                List.of(new RoleHealth.Check("checks", RoleHealth.Status.HEALTHY, "answering"))))));
        return Future.all(served);
    }

    private CheckOutcome check(MessageDraft draft, PayloadCheck payloads) {
        CheckOutcome outcome = messages.check(draft);
        OrganizationId organization = draft.organization();
        return organization != null
                        && outcome instanceof CheckOutcome.Checked checked
                        && payloads.isDue(organization, checked.eventType())
                ? checked.withSchemaDue()
                : outcome;
    }

    /** The schemas of an event type are compiled to see whether they can be, which takes long. */
    private Future<List<Problem>> verdict(EntityDraft draft, SchemaWorkers workers) {
        return draft.entity() instanceof EventType type && type.schemas() != null
                ? workers.run(() -> entities.check(type))
                : Future.succeededFuture(entities.check(draft.entity()));
    }

    @Override
    public Future<?> stop() {
        return Future.join(
                served.stream().map(address -> address.compose(Served::stop)).toList());
    }
}
