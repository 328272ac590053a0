package io.posthorn.testkit;

/** What a test breaks by hand in a store, behind the engine's back. */
public enum Damage {
    /** The entry of the queue that leads to a delivery that waits is taken away. */
    LOST_INDEX_ENTRY,
    /** The record of a delivery is made for the endpoint and a message that is not there; no queue knows it. */
    ORPHANED_RECORD,
    /** The endpoint counts one created and one succeeded delivery more. */
    WRONG_COUNTER,
    /** A delivery that waits is recorded as succeeded, too, and still stands in its queue; the endpoint counts that. */
    TWO_STATES,
    /** An entry of the endpoint's queue leads to a message that is not there. */
    DANGLING_INDEX_ENTRY
}
