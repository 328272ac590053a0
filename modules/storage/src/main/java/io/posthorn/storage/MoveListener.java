package io.posthorn.storage;

/** Told how far a move has come. */
@FunctionalInterface
public interface MoveListener {
    /**
     * A part was written. Called on any thread, one call at a time; must return at once.
     *
     * @param items how many items are in the target now
     * @param total about how many there will be
     */
    void moved(long items, long total);
}
