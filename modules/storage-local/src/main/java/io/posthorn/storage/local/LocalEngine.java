package io.posthorn.storage.local;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
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
import io.posthorn.storage.api.StoreRefused;
import io.posthorn.storage.api.StoredItem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One queue over an ordered map: changes on the store thread, reads on two threads of their own. */
final class LocalEngine implements StorageEngine {
    private static final Duration SWEEP_PERIOD = Duration.ofSeconds(1);

    private final String name;
    private final RoleHealth.Check whenOpen;
    private final StoreThread store;
    private final StoreReaders readers;
    private final StoreTransfer transfer;
    private final Auditor auditor;
    private final Backlogs backlogs;
    private final AtomicBoolean auditing = new AtomicBoolean();

    LocalEngine(String name, RoleHealth.Check whenOpen, StoreThread store) {
        this.name = name;
        this.whenOpen = whenOpen;
        this.store = store;
        this.transfer = new StoreTransfer(store);
        this.backlogs = new Backlogs(store);
        this.auditor = new Auditor(name, store, InstantSource.system());
        this.readers = new StoreReaders(store);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Future<Void> open() {
        return onOwnThread("open", () -> {
            try {
                store.start();
            } catch (StoreThread.Refused e) {
                throw e.reason();
            } catch (IOException e) {
                throw new StoreRefused("the store cannot be opened: " + e.getMessage(), e);
            }
        });
    }

    @Override
    public Future<Void> close() {
        return onOwnThread("close", () -> {
            store.stop();
            readers.stop();
        });
    }

    /** As a crash would leave it, for tests of recovery. */
    Future<Void> abandon() {
        return onOwnThread("abandon", () -> {
            store.abandon();
            readers.stop();
        });
    }

    @Override
    public RoleHealth.Check health() {
        String refusal = store.refusal();
        if (refusal != null) {
            return new RoleHealth.Check("engine", RoleHealth.Status.UNHEALTHY, name + ": " + refusal);
        }
        String notice = store.notice();
        return notice == null
                ? whenOpen
                : new RoleHealth.Check(whenOpen.name(), whenOpen.status(), whenOpen.detail() + "; " + notice);
    }

    @Override
    public Future<List<AppendOutcome>> append(List<NewMessage> messages) {
        return store.submit(Operation.Kind.ACCEPT, (open, now, writes) -> {
            open.tasks.makeRoom(now);
            List<AppendOutcome> outcomes = new ArrayList<>(messages.size());
            for (NewMessage message : messages) {
                outcomes.add(open.appender.append(message, now, writes));
            }
            return outcomes;
        });
    }

    @Override
    public Future<ClaimAnswer> claim(ClaimRequest request) {
        return store.submit(Operation.Kind.AT_ONCE, (open, now, writes) -> open.claimer.claim(request, now, writes));
    }

    @Override
    public Future<List<SettleOutcome>> settle(List<Settlement> settlements) {
        return store.submit(Operation.Kind.SETTLE, (open, now, writes) -> {
            List<SettleOutcome> outcomes = new ArrayList<>(settlements.size());
            for (Settlement settlement : settlements) {
                outcomes.add(open.settler.settle(settlement, now, writes));
            }
            return outcomes;
        });
    }

    @Override
    public Future<Void> releaseLeases(NodeId node) {
        return this.<NodeId>background((open, now, writes) -> {
                    open.claimer.putBackOf(node, now, writes);
                    return node;
                })
                .mapEmpty();
    }

    @Override
    public Future<Void> control(List<QueueControl> controls) {
        return store.<List<QueueControl>>submit(Operation.Kind.CONTROL, (open, now, writes) -> {
                    for (QueueControl control : controls) {
                        open.steward.control(control, now);
                    }
                    return controls;
                })
                .mapEmpty();
    }

    @Override
    public Future<List<PermitGrant>> takePermits(List<PermitRequest> requests) {
        return store.submit(Operation.Kind.AT_ONCE, (open, now, writes) -> open.permits.take(requests, now));
    }

    @Override
    public Future<RateLimit.Use> permitsUsed(RateLimit.UseOf question) {
        return store.submit(Operation.Kind.AT_ONCE, (open, now, writes) -> open.permits.used(question, now));
    }

    @Override
    public Future<Void> resend(DeliveryKey key) {
        return alone((open, now, writes) -> open.steward.resend(key, now, writes));
    }

    @Override
    public Future<Duration> sweep() {
        return background((open, now, writes) -> {
                    open.claimer.putBackExpired(now, writes);
                    open.steward.dropOldKeys(now, writes);
                    open.permits.forgetSome(now);
                    return open.steward.cancelSome(now, writes);
                })
                // Each step is alone, since it reads rows that the one before may have changed.
                .compose(more -> background((open, now, writes) -> open.retention.sweep(now, writes) || more))
                .compose(more -> background((open, now, writes) -> {
                    Duration pause = open.tasks.step(now, writes);
                    open.tasks.dropOld(now, writes);
                    if (more) {
                        return Duration.ZERO;
                    }
                    return open.tasks.isIdle() ? SWEEP_PERIOD : pause;
                }));
    }

    private <T> Future<T> background(Operation.Step<T> step) {
        return store.submit(Operation.Kind.BACKGROUND, step);
    }

    @Override
    public void onWork(Runnable listener) {
        store.onWork(listener);
    }

    @Override
    public Future<SaveOutcome> save(Requests.Save request) {
        return store.submit(
                Operation.Kind.ALONE, (open, now, writes) -> open.directoryWriter.save(request, now, writes));
    }

    @Override
    public Future<Void> remove(Removal removal) {
        return alone((open, now, writes) -> open.directoryWriter.remove(removal, writes));
    }

    @Override
    public Future<StorageQuery.Found> find(StorageQuery.Find query) {
        return read(open -> open.directory.find(query));
    }

    @Override
    public Future<StorageQuery.EntityPage> list(StorageQuery.ListEntities query) {
        return read(open -> open.directory.list(query));
    }

    @Override
    public Future<Message> message(StorageQuery.OneMessage query) {
        return read(open -> open.history.message(query));
    }

    @Override
    public Future<StorageQuery.MessagePage> messages(StorageQuery.Messages query) {
        return read(open -> open.history.messages(query));
    }

    @Override
    public Future<StorageQuery.DeliveryPage> deliveries(StorageQuery.DeliveriesOfMessage query) {
        return read(open -> open.history.deliveries(query));
    }

    @Override
    public Future<StorageQuery.DeliveryPage> deliveries(StorageQuery.DeliveriesOfEndpoint query) {
        return read(open -> open.history.deliveries(query));
    }

    @Override
    public Future<StorageQuery.AttemptPage> attempts(StorageQuery.Attempts query) {
        return read(open -> open.history.attempts(query));
    }

    @Override
    public Future<Attempt> attempt(StorageQuery.OneAttempt query) {
        return read(open -> open.history.attempt(query));
    }

    @Override
    public Future<QueueState> queue(StorageQuery.QueueOf query) {
        return store.submit(Operation.Kind.AT_ONCE, (open, now, writes) -> open.queue(query, now));
    }

    @Override
    public Future<DeliveryFacts> explain(DeliveryKey key) {
        return store.submit(Operation.Kind.AT_ONCE, (open, now, writes) -> open.explain(key, now))
                .compose(seen -> read(open -> open.explainer.withPlace(seen)));
    }

    @Override
    public Future<Backlog> backlog(Backlog.Ask ask) {
        return backlogs.all(ask);
    }

    @Override
    public Future<Backlog.OfApplication> backlog(Backlog.AskApplication ask) {
        return backlogs.of(ask.application());
    }

    @Override
    public Future<Void> expunge(Requests.ExpungeMessage request) {
        return alone((open, now, writes) -> open.steward.expunge(request, now, writes));
    }

    @Override
    public Future<Void> expunge(Requests.ExpungeAttempt request) {
        return alone((open, now, writes) -> open.steward.expunge(request, writes));
    }

    @Override
    public Future<BackgroundTask> start(Requests.StartTask request) {
        return store.submit(Operation.Kind.ALONE, (open, now, writes) -> open.tasks.start(request, now, writes));
    }

    @Override
    public Future<BackgroundTask> task(StorageQuery.OneTask query) {
        return read(open -> open.taskReader.task(query));
    }

    @Override
    public Future<StorageQuery.TaskPage> tasks(StorageQuery.Tasks query) {
        return read(open -> open.taskReader.tasks(query));
    }

    @Override
    public Future<AuditReport> audit(boolean repair, LongConsumer looked) {
        if (!auditing.compareAndSet(false, true)) {
            return Future.failedFuture(
                    new PosthornException(ErrorCode.OVERLOADED, "another audit of this store runs already"));
        }
        Promise<AuditReport> report = Promise.promise();
        Future<Void> done = onOwnThread("audit", () -> {
            try {
                report.complete(auditor.audit(repair, looked));
            } catch (IOException e) {
                report.fail(new PosthornException(ErrorCode.STORE_UNAVAILABLE, "the audit broke off", e));
            } finally {
                auditing.set(false);
            }
        });
        return done.compose(nothing -> report.future());
    }

    @Override
    public Future<Chunk> read(@Nullable String cursor) {
        return store.submit(Operation.Kind.AT_ONCE, (open, now, writes) -> new long[] {now, open.time.ahead()})
                .compose(times -> read(open -> open.parts.read(cursor, times[0], times[1])));
    }

    @Override
    public Future<List<String>> write(String source, List<StoredItem> items) {
        return transfer.write(source, items);
    }

    @Override
    public Future<Identity> identity() {
        return store.submit(Operation.Kind.AT_ONCE, (open, now, writes) -> open.identity.read());
    }

    @Override
    public Future<Void> mark(@Nullable Mark mark) {
        return alone((open, now, writes) -> open.identity.mark(mark, writes));
    }

    @Override
    public Future<Void> clear() {
        return alone((open, now, writes) -> {
            open.identity.clear(writes);
            open.cleared = true;
        });
    }

    /** A change that answers nothing. */
    @FunctionalInterface
    private interface Change {
        void run(Store open, long now, WriteSet writes) throws IOException;
    }

    private Future<Void> alone(Change change) {
        return store.<Boolean>submit(Operation.Kind.ALONE, (open, now, writes) -> {
                    change.run(open, now, writes);
                    return true;
                })
                .mapEmpty();
    }

    private <T> Future<T> read(StoreReaders.Read<T> read) {
        return readers.read(read);
    }

    /** Something that blocks, done once in the life of an engine. */
    @FunctionalInterface
    private interface Blocking {
        void run() throws StoreRefused, InterruptedException;
    }

    private Future<Void> onOwnThread(String what, Blocking blocking) {
        Promise<Void> promise = Promise.promise();
        new Thread(
                        () -> {
                            try {
                                blocking.run();
                                promise.complete();
                            } catch (StoreRefused | InterruptedException | RuntimeException e) {
                                promise.fail(e);
                            }
                        },
                        "posthorn-store-" + what)
                .start();
        return promise.future();
    }
}
