package io.posthorn.dispatch;

import com.github.benmanes.caffeine.cache.Cache;
import io.posthorn.contract.TargetUrl;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides before every attempt where it may connect to. A name is denied when one of its addresses is. Answers are kept
 * for a few seconds, bounded in number; the caller connects to the addresses given here and never to a name.
 * Verticle context.
 */
final class EgressGuard {
    private final AddressPolicy policy;
    private final NameResolver resolver;
    private final Cache<String, Route> recent;

    /** Where a host may be reached. */
    sealed interface Route {
        /** At these addresses, to be tried in order. */
        record Open(List<String> addresses) implements Route {}

        /** Nowhere: it is not allowed. */
        record Blocked() implements Route {}

        /** Nowhere: there is no such name. */
        record Unknown(String reason) implements Route {}
    }

    EgressGuard(AddressPolicy policy, NameResolver resolver, Cache<String, Route> recent) {
        this.policy = policy;
        this.resolver = resolver;
        this.recent = recent;
    }

    /** Never fails: what cannot be checked is blocked or unknown. */
    Future<Route> routeTo(TargetUrl url) {
        @Nullable Route known = recent.getIfPresent(url.host());
        if (known != null) {
            return Future.succeededFuture(known);
        }
        if (url.isAddress()) {
            return Future.succeededFuture(keep(url.host(), judged(List.of(url.host()), false)));
        }
        boolean privateName = AddressPolicy.isPrivateName(url.host());
        if (privateName && !policy.opensAny()) {
            return Future.succeededFuture(new Route.Blocked());
        }
        return resolver.addressesOf(url.host())
                .map(addresses -> keep(url.host(), judged(addresses, privateName)))
                .recover(cause -> Future.succeededFuture(keep(
                        url.host(),
                        cause instanceof NameResolver.UnknownName
                                ? new Route.Unknown(String.valueOf(cause.getMessage()))
                                : new Route.Unknown("name look-up failed"))));
    }

    private Route judged(List<String> addresses, boolean mustBeOpened) {
        for (String address : addresses) {
            if (!policy.allows(address) || (mustBeOpened && !policy.opens(address))) {
                return new Route.Blocked();
            }
        }
        return new Route.Open(List.copyOf(addresses));
    }

    private Route keep(String host, Route route) {
        recent.put(host, route);
        return route;
    }
}
