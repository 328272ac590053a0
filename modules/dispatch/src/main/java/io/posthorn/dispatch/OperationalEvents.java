package io.posthorn.dispatch;

import com.github.benmanes.caffeine.cache.Cache;
import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Batches;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Settlement.Verdict;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operational application what becomes of deliveries and endpoints: as messages of it, stored before what they
 * tell of, so that a crash in between repeats them under the same eventId and loses none. What cannot be stored within
 * {@link #PATIENCE} is lost, counted and logged, and holds nothing up any longer. Says nothing about the operational
 * application itself. Verticle context.
 */
final class OperationalEvents {
    /** How long a result waits for its events to be stored. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The failure of this attempt of a delivery is told, where another follows. */
    static final int FAILING_ATTEMPT = 4;

    private static final Known NOBODY = new Known(null);
    private static final Logger LOG = LoggerFactory.getLogger(OperationalEvents.class);

    private final @Nullable String operational;
    private final Duration retention;
    private final Cache<String, Known> applications;
    private final Bus bus;
    private final Timers timers;
    private final DispatchMetrics metrics;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** What is known of an application; null where there is none such. */
    record Known(@Nullable Application application) {
        @Nullable
        String uid() {
            return application == null ? null : application.uid();
        }
    }

    /**
     * @param settings whose operational application is null where nothing is to be told
     * @param applications those known lately, by id or by name
     */
    OperationalEvents(DispatchSettings settings, Cache<String, Known> applications, Surroundings surroundings) {
        this.operational = settings.dispatch().operationalApplication();
        this.retention = settings.retention();
        this.applications = applications;
        this.bus = surroundings.bus();
        this.timers = surroundings.timers();
        this.metrics = surroundings.metrics();
        this.clock = surroundings.clock();
        this.random = surroundings.random();
    }

    /** Whether a result tells nothing: most do not, and cost nothing more. */
    boolean isNothing(ClaimedDelivery delivery, Verdict verdict, @Nullable Circuit circuit) {
        if (operational == null) {
            return true;
        }
        return circuit == null
                && (verdict instanceof Verdict.Succeeded
                        ? delivery.attempt() <= FAILING_ATTEMPT
                        : !(verdict instanceof Verdict.Exhausted) && delivery.attempt() != FAILING_ATTEMPT);
    }

    /** Tells what a result means; completes when that is stored or lost, and never fails. */
    Future<Void> tell(ClaimedDelivery delivery, Verdict verdict, Attempt attempt, @Nullable Circuit circuit) {
        List<OperationalEvent> events = new ArrayList<>();
        if (verdict instanceof Verdict.Retry && delivery.attempt() == FAILING_ATTEMPT) {
            events.add(OperationalEvent.ofAttempt(OperationalEvent.ATTEMPT_FAILING, delivery, attempt));
        } else if (verdict instanceof Verdict.Succeeded && delivery.attempt() > FAILING_ATTEMPT) {
            events.add(OperationalEvent.ofAttempt(OperationalEvent.ATTEMPT_RECOVERED, delivery, attempt));
        } else if (verdict instanceof Verdict.Exhausted) {
            events.add(OperationalEvent.ofAttempt(OperationalEvent.ATTEMPT_EXHAUSTED, delivery, attempt));
        }
        // One that stays open for longer has not opened.
        if (circuit != null && circuit.isOpen() != Circuit.isBroken(delivery.circuit())) {
            events.add(OperationalEvent.ofCircuit(delivery.endpoint(), circuit));
        }
        return tell(events);
    }

    /** Tells that an endpoint is about to be disabled; completes when that is stored or lost, and never fails. */
    Future<Void> tellDisabling(Endpoint current, Instant now) {
        return operational == null
                ? Future.succeededFuture()
                : tell(List.of(OperationalEvent.ofDisabling(current, now)));
    }

    private Future<Void> tell(List<OperationalEvent> events) {
        return events.isEmpty() || operational == null
                ? Future.succeededFuture()
                : tried(operational, events, Deadline.after(PATIENCE), new Backoff(random))
                        .recover(cause -> lost(events, cause));
    }

    private Future<Void> tried(String reference, List<OperationalEvent> events, Deadline deadline, Backoff backoff) {
        return once(reference, events, deadline).recover(cause -> {
            long pause = backoff.nextMillis();
            return isFinal(cause) || pause >= deadline.remainingMillis()
                    ? Future.failedFuture(cause)
                    : after(pause).compose(waited -> tried(reference, events, deadline, backoff));
        });
    }

    private Future<Void> after(long millis) {
        Promise<Void> waited = Promise.promise();
        long unused = timers.after(millis, waited::complete);
        return waited.future();
    }

    private Future<Void> once(String reference, List<OperationalEvent> events, Deadline deadline) {
        return application(reference, deadline).compose(receiving -> {
            @Nullable Application operator = receiving.application();
            if (operator == null) {
                return Future.failedFuture(noSuchApplication());
            }
            String subject = events.get(0).subject().value();
            if (operator.id().value().equals(subject)) {
                return Future.succeededFuture();
            }
            return application(subject, deadline).compose(told -> append(reference, events, told.uid(), deadline));
        });
    }

    private Future<Void> append(
            String reference, List<OperationalEvent> events, @Nullable String applicationUid, Deadline deadline) {
        List<NewMessage> messages = events.stream()
                .map(event -> new NewMessage(
                        MessageId.at(clock.millis()),
                        OrganizationId.DEFAULT,
                        reference,
                        event.type(),
                        event.eventId(),
                        Set.of(),
                        null,
                        event.payload(applicationUid),
                        retention,
                        null))
                .toList();
        return bus.request(Addresses.APPEND, new Batches.Appends(messages), deadline)
                .compose(OperationalEvents::stored);
    }

    /** An eventId that is taken is one that was stored before a crash. */
    private static Future<Void> stored(Batches.AppendResults results) {
        for (AppendOutcome outcome : results.items()) {
            if (outcome instanceof AppendOutcome.NoSuchApplication) {
                return Future.failedFuture(noSuchApplication());
            }
            if (outcome instanceof AppendOutcome.NotNow) {
                return Future.failedFuture(
                        new PosthornException(ErrorCode.STORE_UNAVAILABLE, "the store cannot be used now"));
            }
        }
        return Future.succeededFuture();
    }

    /** By id or name, of the default organisation; empty when it has none such. */
    private Future<Known> application(String reference, Deadline deadline) {
        @Nullable Known known = applications.getIfPresent(reference);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        StorageQuery.Find find = new StorageQuery.Find.OneApplication(OrganizationId.DEFAULT, reference);
        return bus.request(Addresses.FIND, find, deadline)
                .map(found -> new Known((Application) found.entity()))
                .recover(cause -> isFinal(cause) ? Future.succeededFuture(NOBODY) : Future.failedFuture(cause))
                .onSuccess(found -> {
                    // The operational one may be made any moment.
                    if (found.application() != null || !reference.equals(operational)) {
                        applications.put(reference, found);
                    }
                });
    }

    private static PosthornException noSuchApplication() {
        return new PosthornException(ErrorCode.NOT_FOUND, "the operational application does not exist");
    }

    private static boolean isFinal(Throwable cause) {
        return cause instanceof PosthornException known && known.code() == ErrorCode.NOT_FOUND;
    }

    private Future<Void> lost(List<OperationalEvent> events, Throwable cause) {
        metrics.operationalEventsLost(events.size());
        LOG.error(
                "operational events could not be stored and are lost: {}",
                events.stream().map(OperationalEvent::eventId).toList(),
                cause);
        return Future.succeededFuture();
    }
}
