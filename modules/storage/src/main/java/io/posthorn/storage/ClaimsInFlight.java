package io.posthorn.storage;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Settlement;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many deliveries dispatchers hold that were claimed here: counted by fence, so that one which is settled late, twice
 * or not at all is never mistaken for another. What is not settled when its lease ends is forgotten then, or up to a
 * second later: its dispatcher is lost, and the delivery goes back to its queue. Holds a small object for each claim
 * that has something in flight, so it is bounded by what the dispatchers may hold. Verticle context.
 */
final class ClaimsInFlight {
    private static final long FORGET_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanos;
    private final LongObjectMap<Claim> claims = new LongObjectHashMap<>();
    private int count;
    private long forgotAt;

    private static final class Claim {
        int left;
        long leaseEnd;
    }

    ClaimsInFlight(LongSupplier nanos) {
        this.nanos = nanos;
        this.forgotAt = nanos.getAsLong();
    }

    /** They were handed out and are held for so long at most. */
    void claimed(List<ClaimedDelivery> deliveries, long leaseNanos) {
        long now = nanos.getAsLong();
        forget(now);
        for (ClaimedDelivery delivery : deliveries) {
            Claim claim = claims.get(delivery.fence());
            if (claim == null) {
                claim = new Claim();
                claims.put(delivery.fence(), claim);
            }
            claim.left++;
            claim.leaseEnd = now + leaseNanos;
        }
        count += deliveries.size();
    }

    /** They are held no more. */
    void settled(List<Settlement> settlements) {
        for (Settlement settlement : settlements) {
            Claim claim = claims.get(settlement.fence());
            if (claim != null) {
                count--;
                if (--claim.left == 0) {
                    claims.remove(settlement.fence());
                }
            }
        }
    }

    int count() {
        forget(nanos.getAsLong());
        return count;
    }

    private void forget(long now) {
        if (now - forgotAt < FORGET_EVERY) {
            return;
        }
        forgotAt = now;
        for (Iterator<Claim> each = claims.values().iterator(); each.hasNext(); ) {
            Claim claim = each.next();
            if (now - claim.leaseEnd >= 0) {
                count -= claim.left;
                each.remove();
            }
        }
    }
}
