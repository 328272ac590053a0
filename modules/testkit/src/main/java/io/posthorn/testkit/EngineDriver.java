package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.Message;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.TaskId;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.ClaimAnswer;
import io.posthorn.storage.api.StorageEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Works a storage engine from a test's thread: does one thing, waits for it, and checks what always holds. */
public final class EngineDriver {
    /** How long claims of this driver hold deliveries. */
    public static final Duration LEASE = Duration.ofSeconds(30);

    private static final PageRequest ALL = new PageRequest(PageRequest.MAX_LIMIT, null, false, true);
    private static final int MOST_SWEEPS = 10_000;

    private final StorageEngine engine;
    private final ManualClock clock;
    private final Fixtures given;

    public EngineDriver(StorageEngine engine, ManualClock clock) {
        this.engine = engine;
        this.clock = clock;
        this.given = new Fixtures(clock);
    }

    /** The engine, for calls that this driver has no word for. */
    public StorageEngine engine() {
        return engine;
    }

    /** Stores an entity and answers it as stored. */
    @CanIgnoreReturnValue
    public <T extends Entity> T save(T entity) {
        SaveOutcome outcome = resultOf(engine.save(new Requests.Save(entity, null)));
        assertThat(outcome).isInstanceOf(SaveOutcome.Saved.class);
        @SuppressWarnings("unchecked") // an engine answers the kind that it was given
        T saved = (T) ((SaveOutcome.Saved) outcome).entity();
        return saved;
    }

    /** A new stored application. */
    @CanIgnoreReturnValue
    public Application application() {
        return save(given.application());
    }

    /** A new stored endpoint that wants everything. */
    @CanIgnoreReturnValue
    public Endpoint endpoint(Application application) {
        return save(given.endpoint(application.id()).build());
    }

    /** Appends one message. */
    @CanIgnoreReturnValue
    public AppendOutcome append(NewMessage message) {
        List<AppendOutcome> outcomes = resultOf(engine.append(List.of(message)));
        assertThat(outcomes).hasSize(1);
        return outcomes.get(0);
    }

    /** Appends messages that must all be accepted, and answers them as stored. */
    @CanIgnoreReturnValue
    public List<Message> accept(List<NewMessage> messages) {
        List<AppendOutcome> outcomes = resultOf(engine.append(messages));
        assertThat(outcomes).hasSize(messages.size());
        List<Message> accepted = new ArrayList<>();
        for (AppendOutcome outcome : outcomes) {
            assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
            accepted.add(((AppendOutcome.Appended) outcome).message());
        }
        return accepted;
    }

    /** Appends a message that must be accepted. */
    @CanIgnoreReturnValue
    public Message accept(NewMessage message) {
        return accept(List.of(message)).get(0);
    }

    /** Appends a plain message to an application. */
    @CanIgnoreReturnValue
    public Message accept(Application application) {
        return accept(given.message(application.id()).build());
    }

    /** Appends so many plain messages to an application. */
    @CanIgnoreReturnValue
    public List<Message> accept(Application application, int count) {
        List<NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(given.message(application.id()).build());
        }
        return accept(messages);
    }

    /** One claim, with its answer. */
    public ClaimAnswer ask(int max) {
        ClaimAnswer answer = resultOf(engine.claim(new ClaimRequest(Fixtures.NODE, max, LEASE, Duration.ZERO)));
        assertThat(answer.deliveries()).hasSizeLessThanOrEqualTo(max);
        return answer;
    }

    /** One claim of another node. */
    public List<ClaimedDelivery> claim(NodeId node, int max) {
        return resultOf(engine.claim(new ClaimRequest(node, max, LEASE, Duration.ZERO)))
                .deliveries();
    }

    /** The node is gone. */
    public void releaseLeases(NodeId node) {
        Object unused = resultOf(engine.releaseLeases(node));
    }

    /** One claim. */
    public List<ClaimedDelivery> claim(int max) {
        return ask(max).deliveries();
    }

    /** The next delivery that the engine hands out; there must be one. */
    @CanIgnoreReturnValue
    public ClaimedDelivery claimOne() {
        List<ClaimedDelivery> claimed = claim(1);
        assertThat(claimed).as("claimed").hasSize(1);
        return claimed.get(0);
    }

    /** Claims until nothing comes any more; in the order in which they were handed out. */
    public List<ClaimedDelivery> claimAll() {
        List<ClaimedDelivery> all = new ArrayList<>();
        while (true) {
            List<ClaimedDelivery> some = claim(256);
            if (some.isEmpty()) {
                return all;
            }
            all.addAll(some);
        }
    }

    /** Settles with a plausible attempt: 200 for success, 500 for failure, none for what was not tried. */
    @CanIgnoreReturnValue
    public SettleOutcome settle(ClaimedDelivery claimed, Settlement.Verdict verdict) {
        return settle(new Settlement(claimed.key(), claimed.fence(), verdict, attemptFor(claimed, verdict)));
    }

    /** Settles one. */
    @CanIgnoreReturnValue
    public SettleOutcome settle(Settlement settlement) {
        List<SettleOutcome> outcomes = resultOf(engine.settle(List.of(settlement)));
        assertThat(outcomes).hasSize(1);
        return outcomes.get(0);
    }

    /** Settles as succeeded. */
    @CanIgnoreReturnValue
    public SettleOutcome succeed(ClaimedDelivery claimed) {
        return settle(claimed, new Settlement.Verdict.Succeeded());
    }

    /** Settles as failed, to be tried again after that time. */
    @CanIgnoreReturnValue
    public SettleOutcome retry(ClaimedDelivery claimed, Duration after) {
        return settle(claimed, new Settlement.Verdict.Retry(clock.instant().plus(after)));
    }

    /** Settles as failed for good. */
    @CanIgnoreReturnValue
    public SettleOutcome exhaust(ClaimedDelivery claimed) {
        return settle(claimed, new Settlement.Verdict.Exhausted());
    }

    /** Puts back untried until after that time. */
    @CanIgnoreReturnValue
    public SettleOutcome defer(ClaimedDelivery claimed, Duration after) {
        return settle(claimed, new Settlement.Verdict.Deferred(clock.instant().plus(after), WaitCause.RATE_LIMITED));
    }

    /** The attempt that goes with a verdict, or null. */
    public @Nullable Attempt attemptFor(ClaimedDelivery claimed, Settlement.Verdict verdict) {
        if (verdict instanceof Settlement.Verdict.Succeeded) {
            return given.attempt(claimed, 200);
        }
        return verdict instanceof Settlement.Verdict.Retry || verdict instanceof Settlement.Verdict.Exhausted
                ? given.attempt(claimed, 500)
                : null;
    }

    /** Does one change to a queue. */
    public void control(QueueControl control) {
        resultOf(engine.control(List.of(control)));
    }

    /** Parks the queue of an endpoint. */
    public void park(Endpoint endpoint, Duration during, int firstBatch) {
        Instant until = clock.instant().plus(during);
        control(new QueueControl.Park(
                endpoint.application(), endpoint.id(), until, WaitCause.RATE_LIMITED, firstBatch));
    }

    /** Limits what is in flight. */
    public void limit(Endpoint endpoint, int inFlight) {
        control(new QueueControl.Limit(endpoint.application(), endpoint.id(), inFlight));
    }

    /** Ends the parking of a queue. */
    public void resume(Endpoint endpoint) {
        control(new QueueControl.Resume(endpoint.application(), endpoint.id()));
    }

    /** Tries a delivery by hand. */
    public void resend(DeliveryKey key) {
        resultOf(engine.resend(key));
    }

    /** Sweeps until there is nothing more to do at once; answers when to come again. */
    @CanIgnoreReturnValue
    public Duration sweep() {
        for (int i = 0; i < MOST_SWEEPS; i++) {
            Duration pause = resultOf(engine.sweep());
            assertThat(pause.isNegative()).as("pause until the next sweep").isFalse();
            if (!pause.isZero()) {
                return pause;
            }
        }
        throw new AssertionError("sweeping does not come to an end");
    }

    /** Moves the clock and sweeps. */
    public void pass(Duration time) {
        clock.advance(time);
        Duration next = sweep();
        assertThat(next).isPositive();
    }

    /** Starts a background task. */
    public BackgroundTask start(BackgroundTask.Work work) {
        return resultOf(engine.start(new Requests.StartTask(TaskId.at(clock.millis()), OrganizationId.DEFAULT, work)));
    }

    /** A task as it stands. */
    public BackgroundTask task(BackgroundTask task) {
        return resultOf(engine.task(new StorageQuery.OneTask(task.organization(), task.id())));
    }

    /** Sweeps until a task has ended, and answers it. */
    @CanIgnoreReturnValue
    public BackgroundTask finish(BackgroundTask task) {
        BackgroundTask now = task(task);
        for (int i = 0; i < MOST_SWEEPS && !now.isEnd(); i++) {
            resultOf(engine.sweep());
            now = task(task);
        }
        assertThat(now).matches(BackgroundTask::isEnd, "the task comes to an end");
        return now;
    }

    /** What the queue of an endpoint does; its books must balance. */
    public QueueState queue(Endpoint endpoint) {
        return queue(new StorageQuery.QueueOf(endpoint.application(), endpoint.id()));
    }

    /** The counts of an endpoint, which must balance. */
    @CanIgnoreReturnValue
    public Books books(Endpoint endpoint) {
        return queue(endpoint).books();
    }

    /** The counts of all endpoints together, which must balance. */
    @CanIgnoreReturnValue
    public Books books() {
        Books books = resultOf(engine.backlog()).books();
        assertThat(books).matches(Books::balance, "the books balance");
        return books;
    }

    /** The deliveries of a message, up to a page of them. */
    public List<Delivery> deliveries(Message message) {
        return resultOf(engine.deliveries(
                        new StorageQuery.DeliveriesOfMessage(message.application(), message.id(), ALL)))
                .items();
    }

    /** The delivery of a message for an endpoint; there must be one. */
    public Delivery delivery(Message message, Endpoint endpoint) {
        return deliveries(message).stream()
                .filter(found -> found.key().endpoint().equals(endpoint.id()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no delivery of " + message.id() + " for " + endpoint.id()));
    }

    /** The attempts of a message, oldest first. */
    public List<Attempt> attempts(Message message) {
        return resultOf(engine.attempts(new StorageQuery.Attempts(
                        message.application(), message.id(), null, null, null, null, null, ALL)))
                .items();
    }

    /** Names the delivery of a message for an endpoint. */
    public static DeliveryKey key(Message message, Endpoint endpoint) {
        return new DeliveryKey(message.application(), endpoint.id(), message.id());
    }

    @CanIgnoreReturnValue
    private QueueState queue(StorageQuery.QueueOf query) {
        QueueState state = resultOf(engine.queue(query));
        assertThat(state.books())
                .as("created = succeeded + failed + cancelled + waiting + in flight")
                .matches(Books::balance);
        return state;
    }
}
