package io.posthorn.storage.api;

import io.posthorn.contract.AuditReport;
import io.vertx.core.Future;
import java.util.function.LongConsumer;

/** Recounts a store. Threads as in {@link DeliveryQueue}. */
public interface Audit {
    /**
     * Compares every index with every record, and every counter with what the records add up to. May run while
     * traffic flows, in steps of bounded work, and then reports no difference that the traffic made: what looks wrong is
     * looked at again together with what it is compared with. May take minutes.
     *
     * @param repair whether to put right what can be: records are the truth, indexes and counters follow
     * @param looked told now and then how many records were looked at so far, on any thread
     */
    Future<AuditReport> audit(boolean repair, LongConsumer looked);
}
