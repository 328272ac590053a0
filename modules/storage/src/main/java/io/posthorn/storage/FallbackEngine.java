package io.posthorn.storage;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.RateLimit;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.api.ClaimAnswer;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.api.StoredItem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A shared store with a store of this node to fall back on. While the primary cannot be used, the spare takes its place:
 * events are accepted and delivered from it; when the primary is back, everything moves there. {@link Phase} says where
 * which call goes meanwhile. The spare has a copy of the primary's directory all the time, and nothing else.
 *
 * <p>Nothing can be deleted, and no background task begins, while the primary is away: what exists there only would not
 * know of it. What cannot be found then fails with STORE_UNAVAILABLE where the primary may have it.
 */
public final class FallbackEngine implements StorageEngine {
    private static final Duration SWEEP_LATER = Duration.ofSeconds(1);

    private final PrimaryStore primary;
    private final SpareStore spare;
    private final FallbackQueue queue;
    private final Switchover switchover;
    private final EngineCalls calls;
    private volatile @Nullable Runnable listener;

    /**
     * Opens nothing yet.
     *
     * @param primary makes the shared engine anew for each attempt to open it
     * @param spare the engine of this node; must hold nothing, what it held as a spare, or what is to move
     * @param clock the same one as the spare's
     */
    public FallbackEngine(
            Vertx vertx,
            Supplier<StorageEngine> primary,
            StorageEngine spare,
            InstantSource clock,
            FallbackOptions options) {
        this.calls = new EngineCalls(vertx.getOrCreateContext());
        Timers timers = new VertxTimers(vertx);
        KeptResults kept = new KeptResults();
        this.primary = new PrimaryStore(primary, calls, timers, options.openDeadline(), this::announce);
        this.spare = new SpareStore(spare);
        this.queue = new FallbackQueue(this.primary, this.spare, kept, clock);
        this.switchover = new Switchover(this.primary, this.spare, kept, calls, timers, clock, options, this::announce);
        spare.onWork(this::announce);
    }

    @Override
    public String name() {
        StorageEngine open = primary.engine();
        return open == null ? "auto" : open.name();
    }

    @Override
    public Future<Void> open() {
        return calls.start(switchover::open);
    }

    @Override
    public Future<Void> close() {
        return calls.start(switchover::close);
    }

    /** Healthy as the primary is while it is used; degraded while the spare takes its place, unhealthy when neither can. */
    @Override
    public RoleHealth.Check health() {
        StorageEngine open = primary.engine();
        Phase phase = switchover.phase();
        String detail = switchover.detail();
        if (phase instanceof Phase.OnPrimary && open != null) {
            RoleHealth.Check of = open.health();
            String moved = switchover.lastMove();
            return moved.isEmpty()
                    ? of
                    : new RoleHealth.Check(of.name(), of.status(), of.detail() + "; moved from disk: " + moved);
        }
        if (detail.isEmpty()) {
            return new RoleHealth.Check("engine", RoleHealth.Status.UNHEALTHY, "the stores are being changed over");
        }
        boolean onPrimary = phase.routes().appends() == Route.PRIMARY;
        RoleHealth.Check used =
                onPrimary && open != null ? open.health() : spare.engine().health();
        return used.status() == RoleHealth.Status.UNHEALTHY
                ? new RoleHealth.Check("engine", used.status(), used.detail() + "; the shared store " + detail)
                : new RoleHealth.Check("engine", RoleHealth.Status.DEGRADED, "the shared store " + detail);
    }

    @Override
    public void onWork(Runnable newListener) {
        listener = newListener;
    }

    @Override
    public Future<List<AppendOutcome>> append(List<NewMessage> messages) {
        return queue.append(messages, switchover.phase());
    }

    @Override
    public Future<ClaimAnswer> claim(ClaimRequest request) {
        return queue.claim(request, switchover.phase());
    }

    @Override
    public Future<List<SettleOutcome>> settle(List<Settlement> settlements) {
        return queue.settle(settlements, switchover.phase());
    }

    @Override
    public Future<Void> releaseLeases(NodeId node) {
        return queue.releaseLeases(node, switchover.phase());
    }

    @Override
    public Future<Void> control(List<QueueControl> controls) {
        return change(Routes::appends, engine -> engine.control(controls));
    }

    @Override
    public Future<List<PermitGrant>> takePermits(List<PermitRequest> requests) {
        return change(Routes::claims, engine -> engine.takePermits(requests));
    }

    @Override
    public Future<RateLimit.Use> permitsUsed(RateLimit.UseOf question) {
        boolean shared = switchover.phase().routes().claims() == Route.PRIMARY;
        return read(engine -> engine.permitsUsed(question))
                .map(use -> new RateLimit.Use(use.used(), use.freeAt(), shared && use.exact()));
    }

    @Override
    public Future<Void> resend(DeliveryKey key) {
        return found(change(Routes::saves, engine -> engine.resend(key)), key.application(), key.message());
    }

    @Override
    public Future<Duration> sweep() {
        return switch (switchover.phase().routes().claims()) {
            case PRIMARY -> onPrimary(StorageEngine::sweep);
            case SPARE -> spare.gate().through(spare.engine()::sweep);
            case NOWHERE -> Future.succeededFuture(SWEEP_LATER);
        };
    }

    @Override
    public Future<SaveOutcome> save(Requests.Save request) {
        IdempotencyKey key = request.idempotencyKey();
        Route route = switchover.phase().routes().saves();
        if (key != null && route == Route.SPARE) {
            spare.known().add(key);
        } else if (key != null && isReturning() && spare.known().mayHave(key)) {
            return FallbackQueue.unavailable();
        }
        return this.<SaveOutcome>change(Routes::saves, engine -> engine.save(request))
                .onSuccess(this::mirror);
    }

    @Override
    public Future<Void> remove(Removal removal) {
        if (switchover.phase().routes().saves() != Route.PRIMARY) {
            return Future.failedFuture(new PosthornException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "nothing can be deleted while the shared store is away; an endpoint can be disabled"));
        }
        return onPrimary(engine -> engine.remove(removal)).onSuccess(removed -> {
            DirectoryMirror mirror = switchover.mirror();
            if (mirror != null) {
                mirror.removed(removal);
            }
        });
    }

    @Override
    public Future<StorageQuery.Found> find(StorageQuery.Find query) {
        return read(engine -> engine.find(query));
    }

    @Override
    public Future<StorageQuery.EntityPage> list(StorageQuery.ListEntities query) {
        return read(engine -> engine.list(query));
    }

    @Override
    public Future<Message> message(StorageQuery.OneMessage query) {
        return lookUp(engine -> engine.message(query));
    }

    @Override
    public Future<StorageQuery.MessagePage> messages(StorageQuery.Messages query) {
        return read(engine -> engine.messages(query));
    }

    @Override
    public Future<StorageQuery.DeliveryPage> deliveries(StorageQuery.DeliveriesOfMessage query) {
        return lookUp(engine -> engine.deliveries(query));
    }

    @Override
    public Future<StorageQuery.DeliveryPage> deliveries(StorageQuery.DeliveriesOfEndpoint query) {
        return read(engine -> engine.deliveries(query));
    }

    @Override
    public Future<StorageQuery.AttemptPage> attempts(StorageQuery.Attempts query) {
        return lookUp(engine -> engine.attempts(query));
    }

    @Override
    public Future<Attempt> attempt(StorageQuery.OneAttempt query) {
        return lookUp(engine -> engine.attempt(query));
    }

    @Override
    public Future<QueueState> queue(StorageQuery.QueueOf query) {
        return read(engine -> engine.queue(query));
    }

    @Override
    public Future<DeliveryFacts> explain(DeliveryKey key) {
        return lookUp(engine -> engine.explain(key));
    }

    @Override
    public Future<Backlog> backlog(Backlog.Ask ask) {
        return read(engine -> engine.backlog(ask));
    }

    @Override
    public Future<Backlog.OfApplication> backlog(Backlog.AskApplication ask) {
        return read(engine -> engine.backlog(ask));
    }

    @Override
    public Future<Void> expunge(Requests.ExpungeMessage request) {
        return found(
                change(Routes::saves, engine -> engine.expunge(request)), request.application(), request.message());
    }

    @Override
    public Future<Void> expunge(Requests.ExpungeAttempt request) {
        return found(
                change(Routes::saves, engine -> engine.expunge(request)), request.application(), request.message());
    }

    @Override
    public Future<BackgroundTask> start(Requests.StartTask request) {
        return onlyInPrimary(engine -> engine.start(request));
    }

    @Override
    public Future<BackgroundTask> task(StorageQuery.OneTask query) {
        return onlyInPrimary(engine -> engine.task(query));
    }

    @Override
    public Future<StorageQuery.TaskPage> tasks(StorageQuery.Tasks query) {
        return onlyInPrimary(engine -> engine.tasks(query));
    }

    @Override
    public Future<AuditReport> audit(boolean repair, LongConsumer looked) {
        return read(engine -> engine.audit(repair, looked));
    }

    @Override
    public Future<Chunk> read(@Nullable String cursor) {
        return onlyInPrimary(engine -> engine.read(cursor));
    }

    @Override
    public Future<List<String>> write(String source, List<StoredItem> items) {
        return onlyInPrimary(engine -> engine.write(source, items));
    }

    @Override
    public Future<Identity> identity() {
        return onlyInPrimary(StorageEngine::identity);
    }

    @Override
    public Future<Void> mark(@Nullable Mark mark) {
        return onlyInPrimary(engine -> engine.mark(mark));
    }

    @Override
    public Future<Void> clear() {
        return onlyInPrimary(StorageEngine::clear);
    }

    private void announce() {
        Runnable told = listener;
        if (told != null) {
            told.run();
        }
    }

    private void mirror(SaveOutcome outcome) {
        DirectoryMirror mirror = switchover.mirror();
        if (mirror != null && outcome instanceof SaveOutcome.Saved saved) {
            mirror.saved(saved.entity());
        }
    }

    /** Whether the primary takes events again while the spare has not given everything back. */
    private boolean isReturning() {
        Phase phase = switchover.phase();
        return phase instanceof Phase.Draining || phase instanceof Phase.Moving;
    }

    private <T> Future<T> change(Function<Routes, Route> which, Function<StorageEngine, Future<T>> call) {
        return switch (which.apply(switchover.phase().routes())) {
            case PRIMARY -> onPrimary(call);
            case SPARE -> spare.gate().through(() -> call.apply(spare.engine()));
            case NOWHERE -> FallbackQueue.unavailable();
        };
    }

    private <T> Future<T> read(Function<StorageEngine, Future<T>> call) {
        return switch (switchover.phase().routes().reads()) {
            case PRIMARY -> onPrimary(call);
            case SPARE -> call.apply(spare.engine());
            case NOWHERE -> FallbackQueue.unavailable();
        };
    }

    /** A read of one thing, which may be in the other store. */
    private <T> Future<T> lookUp(Function<StorageEngine, Future<T>> call) {
        return read(call).recover(cause -> {
            if (!isNotFound(cause) || switchover.phase() instanceof Phase.OnPrimary) {
                return Future.failedFuture(cause);
            }
            return isReturning() ? call.apply(spare.engine()) : FallbackQueue.unavailable();
        });
    }

    /** A change of something that was not found may concern what the other store has: then it is to be repeated. */
    private Future<Void> found(Future<Void> change, ApplicationId application, MessageId message) {
        StorageQuery.OneMessage query = new StorageQuery.OneMessage(application, message.toString(), false);
        return change.recover(cause -> {
            if (!isNotFound(cause) || switchover.phase() instanceof Phase.OnPrimary) {
                return Future.failedFuture(cause);
            }
            return isReturning()
                    ? spare.engine()
                            .message(query)
                            .transform(there ->
                                    there.succeeded() ? FallbackQueue.<Void>unavailable() : Future.failedFuture(cause))
                    : FallbackQueue.unavailable();
        });
    }

    private <T> Future<T> onlyInPrimary(Function<StorageEngine, Future<T>> call) {
        return switchover.phase().routes().saves() == Route.PRIMARY ? onPrimary(call) : FallbackQueue.unavailable();
    }

    private <T> Future<T> onPrimary(Function<StorageEngine, Future<T>> call) {
        StorageEngine open = primary.engine();
        return open == null ? FallbackQueue.unavailable() : call.apply(open);
    }

    private static boolean isNotFound(Throwable cause) {
        return cause instanceof PosthornException failed && failed.code() == ErrorCode.NOT_FOUND;
    }
}
