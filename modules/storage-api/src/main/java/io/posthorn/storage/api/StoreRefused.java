package io.posthorn.storage.api;

/**
 * A store that must not be opened: of a newer format, in use by another process, not writable. The message says which,
 * where, and what to do; it is for the operator.
 */
public final class StoreRefused extends Exception {
    private static final long serialVersionUID = 1L;

    public StoreRefused(String message) {
        super(message);
    }

    public StoreRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
