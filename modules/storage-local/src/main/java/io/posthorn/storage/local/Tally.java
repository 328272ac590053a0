package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.DeliveryState;
import org.jspecify.annotations.Nullable;

/** What the records of one endpoint add up to, and how many rows lead to them. */
final class Tally {
    /** Of its messages; null as long as none was seen. */
    @Nullable
    ApplicationId application;

    long created;
    long succeeded;
    long failed;
    long cancelled;
    long inFlight;

    /** Rows of {@link Table#DELIVERY} that belong to a message. */
    long deliveryRows;

    /** Rows of {@link Table#QUEUE} that a waiting delivery leads to. */
    long queueRows;

    /** Rows of {@link Table#ATTEMPT_OF_ENDPOINT} that an attempt leads to. */
    long attemptRows;

    /** Whether something of it could not be read, so that its counts say nothing. */
    boolean unsure;

    void add(DeliveryState state) {
        created++;
        switch (state) {
            case SUCCEEDED -> succeeded++;
            case FAILED -> failed++;
            case CANCELLED -> cancelled++;
            default -> {}
        }
    }

    long waiting() {
        return created - succeeded - failed - cancelled - inFlight;
    }
}
