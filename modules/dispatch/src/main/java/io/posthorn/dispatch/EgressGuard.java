package io.posthorn.dispatch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.posthorn.config.EgressConfig;
import io.posthorn.contract.TargetUrl;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides before every attempt where it may connect to. A name is denied when one of its addresses is. The {@value #KEPT}
 * answers used last are kept for the configured times, those that found something and those that did not apart; a name that
 * is being looked up is not looked up a second time. The caller connects to the addresses given here and never to a name.
 * Verticle context.
 */
final class EgressGuard {
    private static final int KEPT = 10_000;

    private final AddressPolicy policy;
    private final NameResolver resolver;
    private final Cache<String, Route> recent;

    /** One for each name that an attempt in flight waits for. */
    private final Map<String, Future<Route>> underWay = new HashMap<>();

    /** Where a host may be reached. */
    sealed interface Route {
        /** At these addresses, to be tried in order. */
        record Open(List<String> addresses) implements Route {}

        /** Nowhere: it is not allowed. */
        record Blocked() implements Route {}

        /** Nowhere: there is no such name. */
        record Unknown(String reason) implements Route {}
    }

    /** @param ticker as {@link System#nanoTime()} */
    EgressGuard(AddressPolicy policy, NameResolver resolver, EgressConfig config, Ticker ticker) {
        this.policy = policy;
        this.resolver = resolver;
        this.recent = Caffeine.newBuilder()
                .maximumSize(KEPT)
                .ticker(ticker)
                .expireAfter(Expiry.<String, Route>writing((host, route) ->
                        route instanceof Route.Unknown ? config.dnsNegativeCacheTime() : config.dnsCacheTime()))
                .build();
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
        @Nullable Future<Route> asked = underWay.get(url.host());
        return asked == null ? lookUp(url.host(), privateName) : asked;
    }

    private Future<Route> lookUp(String host, boolean privateName) {
        Future<Route> found = resolver.addressesOf(host)
                .map(addresses -> judged(addresses, privateName))
                .recover(cause -> Future.succeededFuture(
                        cause instanceof NameResolver.UnknownName
                                ? new Route.Unknown(String.valueOf(cause.getMessage()))
                                : new Route.Unknown("name look-up failed")))
                .map(route -> {
                    underWay.remove(host);
                    return keep(host, route);
                });
        if (!found.isComplete()) {
            underWay.put(host, found);
        }
        return found;
    }

    private Route judged(List<String> addresses, boolean mustBeOpened) {
        for (String address : addresses) {
            if (!policy.allows(address) || (mustBeOpened && !policy.opens(address))) {
                return new Route.Blocked();
            }
        }
        return new Route.Open(AddressOrder.alternating(addresses));
    }

    private Route keep(String host, Route route) {
        recent.put(host, route);
        return route;
    }
}
