package io.posthorn.storage.redis;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Message;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
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
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queue, directory and history in Redis. Any thread; futures complete on event loops. */
final class RedisEngine implements StorageEngine {
    private static final Logger LOG = LoggerFactory.getLogger(RedisEngine.class);
    private static final long LOOK_MILLIS = 10_000;

    private final Vertx vertx;
    private final RedisLink link;
    private final Shards shards;
    private final StoreCheck check;
    private final News news;
    private final NewsReader newsReader;
    private final ShardCalls calls;
    private final RedisDirectory directory;
    private final RedisHistory history;
    private final DeliveryReader deliveries;
    private final Appender appender;
    private final Claimer claimer;
    private final Settler settler;
    private final Steward steward;
    private final PermitCounter permits;
    private final TaskRunner tasks;
    private final StoreReader storeReader;
    private final ItemWriter itemWriter;
    private final StoreIdentity identity;
    private final Sweeper sweeper;
    private final QueueStates states;
    private final DeliveryExplainer explainer;
    private final String servers;
    private long lookTimer = -1;

    /** @param node names this process in news, so that it does not hear its own */
    RedisEngine(Vertx vertx, RedisEngineOptions options, RedisLink link, InstantSource clock, String node) {
        this.vertx = vertx;
        this.link = link;
        this.servers = String.join(",", options.servers().addresses());
        this.shards = new Shards(options.keyPrefix(), options.shards());
        this.check = new StoreCheck(link, options, shards);
        this.news = new News(options.shards());
        this.newsReader = new NewsReader(vertx, link, shards, news, node);
        this.calls = new ShardCalls(link, shards, new RedisTime(clock), news);
        this.directory = new RedisDirectory(link, shards);
        this.history = new RedisHistory(calls);
        this.deliveries = new DeliveryReader(calls);
        this.appender = new Appender(calls, directory);
        this.claimer = new Claimer(calls);
        this.settler = new Settler(calls);
        this.steward = new Steward(calls);
        this.permits = new PermitCounter(calls);
        this.tasks = new TaskRunner(calls, directory);
        this.storeReader = new StoreReader(calls, link);
        this.itemWriter = new ItemWriter(calls, link, directory);
        this.identity = new StoreIdentity(calls, link);
        this.sweeper = new Sweeper(calls, directory, tasks, options.attemptRetention());
        this.states = new QueueStates(calls);
        this.explainer = new DeliveryExplainer(calls, states);
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Future<Void> open() {
        return link.open()
                .recover(failure -> Future.failedFuture(
                        new StoreRefused("redis at " + servers + ": " + failure.getMessage(), failure)))
                .compose(connected -> check.open())
                .onSuccess(opened -> {
                    newsReader.start();
                    lookTimer = vertx.setPeriodic(
                            LOOK_MILLIS,
                            timer -> check.look()
                                    .onFailure(
                                            failure -> LOG.debug("the settings of redis could not be read", failure)));
                })
                .recover(refused -> link.close().transform(closed -> Future.failedFuture(refused)));
    }

    @Override
    public Future<Void> close() {
        vertx.cancelTimer(lookTimer);
        newsReader.stop();
        return link.close();
    }

    @Override
    public RoleHealth.Check health() {
        String trouble = link.trouble();
        return trouble == null
                ? check.settings()
                : new RoleHealth.Check("engine", RoleHealth.Status.UNHEALTHY, trouble);
    }

    @Override
    public Future<List<AppendOutcome>> append(List<NewMessage> messages) {
        return appender.append(messages);
    }

    @Override
    public Future<ClaimAnswer> claim(ClaimRequest request) {
        return claimer.claim(request);
    }

    @Override
    public Future<List<SettleOutcome>> settle(List<Settlement> settlements) {
        return settler.settle(settlements);
    }

    @Override
    public Future<Void> releaseLeases(NodeId node) {
        return steward.releaseLeases(node);
    }

    @Override
    public Future<Void> control(List<QueueControl> controls) {
        return steward.control(controls);
    }

    @Override
    public Future<List<PermitGrant>> takePermits(List<PermitRequest> requests) {
        return permits.take(requests);
    }

    @Override
    public Future<RateLimit.Use> permitsUsed(RateLimit.UseOf question) {
        return permits.used(question);
    }

    @Override
    public Future<Void> resend(DeliveryKey key) {
        return steward.resend(key);
    }

    @Override
    public Future<Duration> sweep() {
        return sweeper.sweep();
    }

    @Override
    public void onWork(Runnable listener) {
        news.onWork(listener);
    }

    @Override
    public Future<SaveOutcome> save(Requests.Save request) {
        return directory.save(request).map(outcome -> {
            // Whether that made something claimable is known to other nodes by now, and here from this on.
            if (request.entity() instanceof Endpoint endpoint) {
                news.hear(shards.of(endpoint.application()), 0);
            }
            return outcome;
        });
    }

    @Override
    public Future<Void> remove(Removal removal) {
        return directory.remove(removal);
    }

    @Override
    public Future<StorageQuery.Found> find(StorageQuery.Find query) {
        return directory.find(query);
    }

    @Override
    public Future<StorageQuery.EntityPage> list(StorageQuery.ListEntities query) {
        return directory.list(query);
    }

    @Override
    public Future<Message> message(StorageQuery.OneMessage query) {
        return history.message(query);
    }

    @Override
    public Future<StorageQuery.MessagePage> messages(StorageQuery.Messages query) {
        return history.messages(query);
    }

    @Override
    public Future<StorageQuery.DeliveryPage> deliveries(StorageQuery.DeliveriesOfMessage query) {
        return deliveries.deliveries(query);
    }

    @Override
    public Future<StorageQuery.DeliveryPage> deliveries(StorageQuery.DeliveriesOfEndpoint query) {
        return deliveries.deliveries(query);
    }

    @Override
    public Future<StorageQuery.AttemptPage> attempts(StorageQuery.Attempts query) {
        return history.attempts(query);
    }

    @Override
    public Future<Attempt> attempt(StorageQuery.OneAttempt query) {
        return history.attempt(query);
    }

    @Override
    public Future<QueueState> queue(StorageQuery.QueueOf query) {
        return states.queue(query);
    }

    @Override
    public Future<DeliveryFacts> explain(DeliveryKey key) {
        return explainer.explain(key);
    }

    @Override
    public Future<Backlog> backlog(Backlog.Ask ask) {
        return states.backlog(ask);
    }

    @Override
    public Future<Backlog.OfApplication> backlog(Backlog.AskApplication ask) {
        return states.backlog(ask.application());
    }

    @Override
    public Future<Void> expunge(Requests.ExpungeMessage request) {
        return history.expunge(request);
    }

    @Override
    public Future<Void> expunge(Requests.ExpungeAttempt request) {
        return history.expunge(request);
    }

    @Override
    public Future<BackgroundTask> start(Requests.StartTask request) {
        return tasks.start(request);
    }

    @Override
    public Future<BackgroundTask> task(StorageQuery.OneTask query) {
        return tasks.task(query);
    }

    @Override
    public Future<StorageQuery.TaskPage> tasks(StorageQuery.Tasks query) {
        return tasks.tasks(query);
    }

    @Override
    public Future<AuditReport> audit(boolean repair, LongConsumer looked) {
        return new Auditor(calls, link, repair, looked).run();
    }

    @Override
    public Future<Chunk> read(@Nullable String cursor) {
        return storeReader.read(cursor);
    }

    @Override
    public Future<List<String>> write(String source, List<StoredItem> items) {
        return itemWriter.write(source, items);
    }

    @Override
    public Future<Identity> identity() {
        return identity.read();
    }

    @Override
    public Future<Void> mark(@Nullable Mark mark) {
        return identity.mark(mark);
    }

    @Override
    public Future<Void> clear() {
        return identity.clear();
    }
}
