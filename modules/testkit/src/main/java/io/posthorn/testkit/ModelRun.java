package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.SortableId;
import io.posthorn.contract.Trigger;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.ClaimAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Does random things to an engine and to the model, and compares. Clock steps and pauses are multiples of 10 ms, leases
 * and parking are not, so that nothing ends at the very moment that is looked at.
 */
final class ModelRun {
    private static final Duration LEASE = Duration.ofMillis(30_007);
    private static final List<Duration> PAUSES = List.of(
            Duration.ZERO, Duration.ofMillis(10), Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofSeconds(30));
    private static final int APPLICATIONS = 3;
    private static final int TRACE = 25;
    private static final int TIME_BYTES = 5;

    private final EngineFixture fixture;
    private final ManualClock clock;
    private final Fixtures given;
    private final long seed;
    private final boolean crashes;
    private final Random random;
    private final QueueModel model = new QueueModel();
    private final List<Application> applications = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<ClaimedDelivery> claims = new ArrayList<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private EngineDriver store;

    ModelRun(EngineFixture fixture, EngineDriver store, long seed, boolean crashes) {
        this.fixture = fixture;
        this.store = store;
        this.clock = fixture.clock();
        this.given = new Fixtures(clock);
        this.seed = seed;
        this.crashes = crashes;
        this.random = new Random(seed);
    }

    /** Drives the engine that is open now: after a crash another one than at the start. */
    EngineDriver store() {
        return store;
    }

    void steps(int count) {
        int step = 0;
        try {
            prepare();
            for (; step < count; step++) {
                act();
                compareBooks();
            }
            compareAll();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ", step " + step + ", last: " + trace, e);
        }
    }

    private void prepare() {
        for (int i = 0; i < APPLICATIONS; i++) {
            Application app = store.application();
            applications.add(app);
            for (int k = 0; k <= i; k++) {
                Endpoint endpoint = store.endpoint(app);
                endpoints.add(endpoint);
                model.add(endpoint, store.queue(endpoint).inFlightLimit());
            }
        }
    }

    private void act() {
        int dice = random.nextInt(100);
        if (dice < 22) {
            append();
        } else if (dice < 47) {
            claim();
        } else if (dice < 69) {
            settle();
        } else if (dice < 80) {
            passTime();
        } else if (dice < 90) {
            control();
        } else if (dice < 94) {
            toggle();
        } else if (dice < 98 || !crashes) {
            resend();
        } else {
            crash();
        }
    }

    private void append() {
        Application app = any(applications);
        int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 60 : 4);
        note("append " + count + " to " + app.id());
        List<NewMessage> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batch.add(given.message(app.id()).id(messageId()).build());
        }
        for (Message message : store.accept(batch)) {
            messages.add(message);
            endpoints.stream()
                    .filter(endpoint -> endpoint.application().equals(app.id()))
                    .forEach(endpoint -> model.appended(message, endpoint.id(), clock.instant()));
        }
        model.remember();
    }

    /** A new id of this moment, the same in each run of a seed. */
    private MessageId messageId() {
        byte[] bytes = new byte[SortableId.BYTES];
        random.nextBytes(bytes);
        byte[] time = SortableId.decode(SortableId.lowest(MessageId.PREFIX, clock.millis()));
        System.arraycopy(time, 0, bytes, 0, TIME_BYTES);
        return MessageId.of(bytes);
    }

    private void claim() {
        int max = 1 + random.nextInt(random.nextInt(4) == 0 ? 100 : 8);
        ClaimAnswer answer = resultOf(store.engine().claim(new ClaimRequest(Fixtures.NODE, max, LEASE, Duration.ZERO)));
        note("claim " + max + " gave "
                + answer.deliveries().stream()
                        .map(one -> one.key().message() + "/" + one.fence())
                        .toList());
        assertThat(answer.deliveries()).hasSizeLessThanOrEqualTo(max);
        model.claimed(answer, clock.instant());
        claims.addAll(answer.deliveries());
    }

    private void settle() {
        List<Settlement> settlements = new ArrayList<>();
        List<SettleOutcome> expected = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count && !claims.isEmpty(); i++) {
            // Mostly recent ones, some of them settled before or overtaken by now.
            int index = Math.max(0, claims.size() - 1 - random.nextInt(random.nextInt(5) == 0 ? 100 : 12));
            ClaimedDelivery claim = claims.get(index);
            ModelDelivery delivery = model.delivery(claim.key());
            if (delivery.canTell(claim)) {
                Settlement.Verdict verdict = verdict(claim);
                Attempt attempt = store.attemptFor(claim, verdict);
                settlements.add(new Settlement(claim.key(), claim.fence(), verdict, attempt));
                expected.add(delivery.settled(claim, verdict, clock.instant()));
            }
        }
        note("settle "
                + settlements.stream()
                        .map(one -> one.key().message() + "/" + one.fence() + " "
                                + one.verdict().getClass().getSimpleName())
                        .toList());
        if (!settlements.isEmpty()) {
            assertThat(resultOf(store.engine().settle(settlements)))
                    .as("outcomes of %s", settlements)
                    .isEqualTo(expected);
        }
    }

    private Settlement.Verdict verdict(ClaimedDelivery claim) {
        int dice = random.nextInt(10);
        Instant later = clock.instant().plus(any(PAUSES));
        if (dice < 4) {
            return new Settlement.Verdict.Succeeded();
        }
        if (dice < 7 && claim.trigger() == Trigger.SCHEDULED) {
            return new Settlement.Verdict.Retry(later);
        }
        if (dice < 8) {
            return new Settlement.Verdict.Exhausted();
        }
        return dice < 9
                ? new Settlement.Verdict.Deferred(later, WaitCause.RATE_LIMITED)
                : new Settlement.Verdict.Cancelled();
    }

    private void passTime() {
        Duration time = any(PAUSES);
        note("pass " + time);
        clock.advance(time);
        Duration next = store.sweep();
        assertThat(next).as("pause until the next sweep").isPositive();
        model.expire(clock.instant());
    }

    private void control() {
        Endpoint endpoint = any(endpoints);
        ModelQueue queue = model.queue(endpoint.id());
        int dice = random.nextInt(3);
        if (dice == 0) {
            Duration during = any(PAUSES).plusMillis(7);
            int firstBatch = 1 + random.nextInt(5);
            note("park " + endpoint.id() + " for " + during + ", then " + firstBatch);
            store.park(endpoint, during, firstBatch);
            queue.park(clock.instant().plus(during), firstBatch);
        } else if (dice == 1) {
            int limit = 1 + random.nextInt(20);
            note("limit " + endpoint.id() + " to " + limit);
            store.limit(endpoint, limit);
            queue.limit(limit);
        } else {
            note("resume " + endpoint.id());
            store.resume(endpoint);
            queue.resume();
        }
    }

    private void toggle() {
        int index = random.nextInt(endpoints.size());
        Endpoint endpoint = endpoints.get(index);
        note((endpoint.disabled() ? "enable " : "disable ") + endpoint.id());
        Endpoint saved = store.save(endpoint.withDisabled(!endpoint.disabled(), clock.instant()));
        endpoints.set(index, saved);
        model.queue(saved.id()).saved(saved.disabled(), clock.instant());
        model.remember();
    }

    private void resend() {
        List<ModelDelivery> all =
                model.all().stream().filter(one -> !one.isInFlight()).toList();
        if (!all.isEmpty()) {
            ModelDelivery delivery = any(all);
            note("resend " + delivery);
            store.resend(delivery.key());
            delivery.resent(clock.instant());
            model.remember();
        }
    }

    private void crash() {
        note("crash");
        store = new EngineDriver(fixture.crashAndReopen(), clock);
        for (Message message : messages) {
            for (Delivery found : store.deliveries(message)) {
                ModelDelivery delivery = model.delivery(found.key());
                assertThat(delivery.adopt(found, clock.instant()))
                        .as("after a crash %s is %s", delivery, found)
                        .isTrue();
            }
        }
        for (Endpoint endpoint : endpoints) {
            model.queue(endpoint.id()).limit(store.queue(endpoint).inFlightLimit());
            model.queue(endpoint.id()).forgetBatch();
        }
    }

    private void compareBooks() {
        Books total = Books.EMPTY;
        for (Endpoint endpoint : endpoints) {
            Books expected = model.queue(endpoint.id()).books();
            assertThat(store.books(endpoint)).as("books of %s", endpoint.id()).isEqualTo(expected);
            total = total.plus(expected);
        }
        assertThat(store.books()).as("books of all").isEqualTo(total);
    }

    private void compareAll() {
        int seen = 0;
        for (Message message : messages) {
            for (Delivery found : store.deliveries(message)) {
                EndpointId endpoint = found.key().endpoint();
                ModelDelivery expected = model.delivery(found.key());
                assertThat(found.state())
                        .as("state of %s at %s", expected, endpoint)
                        .isEqualTo(expected.state());
                assertThat(found.attempts()).as("attempts of %s", expected).isEqualTo(expected.attempts());
                seen++;
            }
        }
        assertThat(seen).as("deliveries").isEqualTo(model.all().size());
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void note(String what) {
        trace.addLast(what);
        if (trace.size() > TRACE) {
            trace.removeFirst();
        }
    }
}
