package io.posthorn.app.cluster;

import org.jspecify.annotations.Nullable;

/** A cluster that this node cannot join as things are. The message is one line for the operator. */
public final class ClusterRefused extends Exception {
    private static final long serialVersionUID = 1L;

    ClusterRefused(String message) {
        this(message, null);
    }

    ClusterRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
