package io.posthorn.storage.api;

import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.RateLimit;
import io.vertx.core.Future;
import java.util.List;

/**
 * Permits to send, counted in one place for all nodes that share the store. {@link Level} is the rule. A store that is
 * opened anew may have forgotten what was used, which gives a fresh burst. Threads and failures as in
 * {@link DeliveryQueue}.
 */
public interface Permits {
    /**
     * Takes permits, each under the limits of its request, in order; a request without any limit gets what it wants.
     * Where less than {@link Level#batch a batch} is left, the endpoint's queue is parked as RATE_LIMITED until it is
     * there: for as long as the endpoint has the version of the request, or else not at all. Saving an endpoint ends
     * such a park. A limit of the application parks for a second at most, and its endpoints one after the other.
     *
     * @return a grant for each request, in order
     */
    Future<List<PermitGrant>> takePermits(List<PermitRequest> requests);

    /** How much of a limit is used; takes nothing. */
    Future<RateLimit.Use> permitsUsed(RateLimit.UseOf question);
}
