package io.posthorn.dispatch;

import io.posthorn.contract.TargetUrl;
import io.posthorn.contract.TlsOptions;
import org.jspecify.annotations.Nullable;

/**
 * Opens requests, to receivers and to token endpoints alike: only to addresses that the egress guard has checked, one after
 * the other until one can be connected to, and never following a redirect. Verticle context.
 */
final class Dialer {
    private final EgressGuard guard;
    private final Connector connector;

    /** Who dials. Exactly one of the last two is called. */
    interface Caller {
        /** How long it may still take; 0 when nobody waits any longer. */
        long leftMillis();

        /** Takes a POST that is ready to be written, be it over or not. */
        void connected(Link ready);

        /** There is no connection: {@link AttemptOutcome.Blocked} or {@link AttemptOutcome.Failed}. */
        void unreachable(AttemptOutcome outcome);
    }

    Dialer(EgressGuard guard, Connector connector) {
        this.guard = guard;
        this.connector = connector;
    }

    /** @param tls how the connection is secured; null as usual */
    void dial(TargetUrl url, @Nullable TlsOptions tls, Caller caller) {
        guard.routeTo(url).onComplete(found -> {
            EgressGuard.Route route = found.succeeded() ? found.result() : new EgressGuard.Route.Blocked();
            if (route instanceof EgressGuard.Route.Open open) {
                connector.linkTo(url, open.addresses(), tls, caller::leftMillis).onComplete(connected -> {
                    if (connected.succeeded()) {
                        caller.connected(connected.result());
                    } else {
                        caller.unreachable(new AttemptOutcome.Failed(0, connector.failureOf(connected.cause())));
                    }
                });
            } else if (route instanceof EgressGuard.Route.Unknown unknown) {
                caller.unreachable(new AttemptOutcome.Failed(0, unknown.reason()));
            } else {
                caller.unreachable(new AttemptOutcome.Blocked());
            }
        });
    }
}
