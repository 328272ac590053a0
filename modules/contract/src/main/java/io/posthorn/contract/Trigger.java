package io.posthorn.contract;

/** Why an attempt was made. */
public enum Trigger {
    /** By the schedule. */
    SCHEDULED,
    /** By hand: a resend. One attempt, never rescheduled. */
    MANUAL
}
