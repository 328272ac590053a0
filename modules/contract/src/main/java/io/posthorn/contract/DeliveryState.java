package io.posthorn.contract;

/** Where a delivery stands. The last three are ends. */
public enum DeliveryState {
    /** It will be claimed when it is due and its endpoint is eligible. */
    WAITING,
    /** A dispatcher holds it under a lease. */
    IN_FLIGHT,
    /** The receiver answered 2xx. */
    SUCCEEDED,
    /** The retry policy ended, or a manual attempt failed after it had. */
    FAILED,
    /** Withdrawn: its endpoint or application was deleted, or it was cancelled by hand. */
    CANCELLED;

    /** Whether nothing will happen any more unless somebody asks for it. */
    public boolean isEnd() {
        return this != WAITING && this != IN_FLIGHT;
    }
}
