package io.posthorn.app;

import org.jspecify.annotations.Nullable;

/** A program that cannot start as things are. The message is one line for the operator. */
public final class StartRefused extends Exception {
    private static final long serialVersionUID = 1L;

    public StartRefused(String message) {
        this(message, null);
    }

    public StartRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
