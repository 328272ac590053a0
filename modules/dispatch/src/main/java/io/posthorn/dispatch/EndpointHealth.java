package io.posthorn.dispatch;

import com.github.benmanes.caffeine.cache.Cache;
import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps with each endpoint since when it fails, and disables it when it is gone (status 410) or has failed for too long.
 * An endpoint is written only when that changes, and its mark at most once a second. Verticle context.
 */
final class EndpointHealth {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointHealth.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int TRIES = 5;

    private final Bus bus;
    private final OperationalEvents events;
    private final Duration disableAfter;
    private final Cache<EndpointId, Boolean> markedLately;

    /** The changed endpoint, or null when it is right as it is. */
    private interface Change extends Function<Endpoint, @Nullable Endpoint> {}

    EndpointHealth(Bus bus, OperationalEvents events, Duration disableAfter, Cache<EndpointId, Boolean> markedLately) {
        this.bus = bus;
        this.events = events;
        this.disableAfter = disableAfter;
        this.markedLately = markedLately;
    }

    /** An attempt to it succeeded. */
    void succeeded(Endpoint endpoint) {
        if (endpoint.failingSince() != null && mayMark(endpoint)) {
            change(endpoint, current -> current.failingSince() == null ? null : current.withFailingSince(null));
        }
    }

    /** The receiver says that it is gone for good. A URL that was changed meanwhile is another receiver. */
    void gone(Endpoint endpoint, Instant now) {
        change(endpoint, current -> disabledUnlessMoved(endpoint, current, now));
    }

    /** An attempt to it failed. */
    void failed(Endpoint endpoint, boolean exhausted, Instant now) {
        if (endpoint.failingSince() == null) {
            if (mayMark(endpoint)) {
                change(endpoint, current -> current.failingSince() != null ? null : current.withFailingSince(now));
            }
        } else if (exhausted && isTooLong(endpoint.failingSince(), now)) {
            change(
                    endpoint,
                    current -> current.failingSince() != null && isTooLong(current.failingSince(), now)
                            ? disabledUnlessMoved(endpoint, current, now)
                            : null);
        }
    }

    private boolean isTooLong(Instant since, Instant now) {
        return !since.plus(disableAfter).isAfter(now);
    }

    private static @Nullable Endpoint disabledUnlessMoved(Endpoint seen, Endpoint current, Instant now) {
        return current.disabled() || !current.url().equals(seen.url()) ? null : current.withDisabled(true, now);
    }

    private boolean mayMark(Endpoint endpoint) {
        return markedLately.asMap().putIfAbsent(endpoint.id(), true) == null;
    }

    private void change(Endpoint endpoint, Change change) {
        tried(endpoint, change, TRIES)
                .onFailure(cause -> LOG.warn("the state of endpoint {} was not stored", endpoint.id(), cause));
    }

    private Future<Void> tried(Endpoint endpoint, Change change, int triesLeft) {
        StorageQuery.Find find = new StorageQuery.Find.OneEndpoint(
                endpoint.application(), endpoint.id().value());
        return bus.request(Addresses.FIND, find, Deadline.after(PATIENCE)).compose(found -> {
            @Nullable Endpoint changed = found.entity() instanceof Endpoint current ? change.apply(current) : null;
            if (changed == null) {
                return Future.succeededFuture();
            }
            return told((Endpoint) found.entity(), changed)
                    .compose(told ->
                            bus.request(Addresses.SAVE, new Requests.Save(changed, null), Deadline.after(PATIENCE)))
                    .compose(outcome -> {
                        if (outcome instanceof SaveOutcome.Stale && triesLeft > 1) {
                            return tried(endpoint, change, triesLeft - 1);
                        }
                        if (changed.disabled()) {
                            LOG.warn("endpoint {} is disabled: it is gone or has failed for too long", endpoint.id());
                        }
                        return Future.succeededFuture();
                    });
        });
    }

    /** That an endpoint is disabled is told before it is, so that a crash in between forgets nothing. */
    private Future<Void> told(Endpoint current, Endpoint changed) {
        return changed.disabled() && !current.disabled()
                ? events.tellDisabling(current, changed.updatedAt())
                : Future.succeededFuture();
    }
}
