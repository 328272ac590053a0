package io.posthorn.contract;

/** What a settlement did. */
public enum SettleOutcome {
    /** The delivery moved as asked. */
    SETTLED,
    /** The lease had ended and the delivery was claimed again or has ended: only the attempt was recorded. */
    FENCED
}
