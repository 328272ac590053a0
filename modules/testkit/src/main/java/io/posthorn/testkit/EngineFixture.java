package io.posthorn.testkit;

import io.posthorn.contract.DeliveryKey;
import io.posthorn.storage.api.StorageEngine;

/** One store under test, empty at first. Used by one test, on its thread. */
public interface EngineFixture extends AutoCloseable {
    /** Makes an engine over the store and waits until it is open. Called once. */
    StorageEngine open();

    /**
     * Drops the engine as a kill of its process would, without closing it, and opens the same store with a new one.
     * Called on durable engines only.
     */
    StorageEngine crashAndReopen();

    /** The clock of every engine of this fixture. */
    ManualClock clock();

    /** Whether what was accepted is still there after {@link #crashAndReopen()}. */
    boolean durable();

    /**
     * Whether a crash leaves what was written without waiting for a flush, such as a lease: the end of a process does, a
     * loss of power does not.
     */
    default boolean keepsUnflushed() {
        return true;
    }

    /**
     * Damages the store by hand, behind the engine's back; the engine may be closed for that.
     *
     * @param waiting a delivery that waits, was not tried yet, and is not in flight
     * @return the engine that is open now: the same one or another
     */
    StorageEngine damage(Damage damage, DeliveryKey waiting);

    /** Closes the engine that is open, waits for it, and removes the store. */
    @Override
    void close();
}
