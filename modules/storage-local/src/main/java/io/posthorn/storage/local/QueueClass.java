package io.posthorn.storage.local;

/** The two lanes of an endpoint's queue; the first goes before the second. */
enum QueueClass {
    /** Never tried yet, or asked for by hand: fresh events stay fresh while a backlog drains. */
    FIRST,
    /** Tried before, or made while the circuit of its endpoint was open. */
    RETRY;

    private static final QueueClass[] ALL = values();

    static QueueClass of(byte ordinal) {
        return ALL[ordinal];
    }
}
