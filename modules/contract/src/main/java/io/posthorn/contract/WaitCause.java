package io.posthorn.contract;

/** Why something waits. */
public enum WaitCause {
    /** Due and about to be claimed. */
    READY,
    /** Its time has not come: a retry or a delayed message. */
    DUE_LATER,
    /** A rate limit gives the next permit later. */
    RATE_LIMITED,
    /** The circuit of its endpoint is open. */
    CIRCUIT_OPEN,
    /** The receiver asked for a pause (Retry-After), or was overloaded. */
    RECEIVER_BUSY,
    /** Its endpoint is disabled. */
    ENDPOINT_DISABLED,
    /** As many attempts to its endpoint are in flight as may be. */
    CONCURRENCY_FULL,
    /** A dispatcher holds it. */
    IN_FLIGHT
}
