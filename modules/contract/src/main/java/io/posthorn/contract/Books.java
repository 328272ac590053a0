package io.posthorn.contract;

/** The counts of promise 4: created = succeeded + failed + cancelled + waiting + in flight. */
public record Books(long created, long succeeded, long failed, long cancelled, long waiting, long inFlight) {
    /** Nothing counted yet. */
    public static final Books EMPTY = new Books(0, 0, 0, 0, 0, 0);

    /** Whether the counts agree. */
    public boolean balance() {
        return created == succeeded + failed + cancelled + waiting + inFlight;
    }

    /** The sums of both. */
    public Books plus(Books other) {
        return new Books(
                created + other.created,
                succeeded + other.succeeded,
                failed + other.failed,
                cancelled + other.cancelled,
                waiting + other.waiting,
                inFlight + other.inFlight);
    }
}
