package io.posthorn.ratelimit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.config.RateLimitConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.RateLimit;
import io.posthorn.contract.Throttle;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says which limit holds for whom, and has the store count what is used of it. Keeps nothing itself. */
final class Permits {
    private final @Nullable Throttle usual;
    private final Bus bus;
    private final InstantSource clock;
    private final Counter granted;
    private final Counter denied;

    Permits(RateLimitConfig config, Bus bus, InstantSource clock, MeterRegistry registry) {
        this.usual = config.limit() == null ? null : Throttle.of(config.limit(), config.window());
        this.bus = bus;
        this.clock = clock;
        this.granted = counter(registry, "granted");
        this.denied = counter(registry, "denied");
    }

    private static Counter counter(MeterRegistry registry, String result) {
        return Counter.builder("posthorn.ratelimit.permits")
                .description("Permits that limited deliveries asked for, by what they got")
                .tag("result", result)
                .register(registry);
    }

    /** The limit that holds for endpoints without one of their own; null when there is none. */
    @Nullable
    Throttle usual() {
        return usual;
    }

    Future<Batches.PermitGrants> ask(Batches.PermitRequests requests, Deadline deadline) {
        List<PermitRequest> items = requests.items().stream()
                .map(item -> item.limit() == null ? item.withLimit(usual) : item)
                .toList();
        return bus.request(Addresses.TAKE_PERMITS, new Batches.PermitRequests(items), deadline.forNested())
                .onSuccess(answer -> count(items, answer.items()));
    }

    private void count(List<PermitRequest> requests, List<PermitGrant> grants) {
        int wanted = requests.stream().mapToInt(PermitRequest::wanted).sum();
        int got = grants.stream().mapToInt(PermitGrant::granted).sum();
        granted.increment(got);
        denied.increment((double) wanted - got);
    }

    Future<RateLimit.Status> status(RateLimit.StatusOf question, Deadline deadline) {
        Throttle limit = question.limit() == null && question.endpoint() != null ? usual : question.limit();
        if (limit == null) {
            return Future.succeededFuture(new RateLimit.Status(0, 0, 0, null, clock.instant(), true));
        }
        RateLimit.UseOf use = new RateLimit.UseOf(question.application(), question.endpoint(), limit);
        return bus.request(Addresses.PERMITS_USED, use, deadline.forNested())
                .map(used -> new RateLimit.Status(
                        used.used(), limit.permits(), limit.burst(), limit.window(), used.freeAt(), used.exact()));
    }
}
