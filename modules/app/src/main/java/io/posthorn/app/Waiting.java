package io.posthorn.app;

import io.posthorn.app.cluster.ClusterRefused;
import io.posthorn.contract.PosthornException;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.api.StoreRefused;
import io.vertx.core.Future;
import java.net.BindException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The main thread's only way to wait for what happens on the others; never used on an event loop. */
final class Waiting {
    private Waiting() {}

    /**
     * Waits until something has started, and turns the usual troubles into one line for the operator.
     *
     * @param addresses where each role that has a port should listen
     */
    static <T> T startOf(Future<T> start, Map<String, String> addresses) throws StartRefused, InterruptedException {
        try {
            return start.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new StartRefused(explain(e.getCause() == null ? e : e.getCause(), addresses), e);
        }
    }

    /**
     * Waits for a result.
     *
     * @param what was done, for a failure that does not say so itself
     */
    static <T> T resultOf(Future<T> future, String what) throws StartRefused, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof StartRefused refused) {
                throw refused;
            }
            String text = cause instanceof StoreRefused || cause instanceof ClusterRefused
                    ? String.valueOf(cause.getMessage())
                    : what + " failed: " + (cause instanceof PosthornException ? cause.getMessage() : cause);
            throw new StartRefused(text, e);
        }
    }

    /**
     * Waits until a store is open.
     *
     * @param hint what to do where a directory must not be opened
     */
    static void openingOf(StorageEngine engine, String hint) throws StartRefused, InterruptedException {
        try {
            Void unused =
                    engine.open().toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartRefused(
                    cause instanceof StoreRefused
                            ? cause.getMessage() + (engine.name().equals("disk") ? " (" + hint + ")" : "")
                            : "the " + engine.name() + " store cannot be opened: " + cause,
                    e);
        }
    }

    /** Waits for an end, at most so long; what comes of it is not looked at. */
    static boolean endOf(Future<?> end, Duration atMost) throws InterruptedException {
        try {
            Object unused = end.toCompletionStage().toCompletableFuture().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static String explain(Throwable failure, Map<String, String> addresses) {
        String who = "";
        String where = "";
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof StartFailure role) {
                who = role.role() + ": ";
                where = addresses.containsKey(role.role()) ? " at " + addresses.get(role.role()) : "";
            } else if (cause instanceof StoreRefused) {
                return String.valueOf(cause.getMessage());
            } else if (cause instanceof BindException) {
                return who + "cannot listen" + where + ": " + cause.getMessage();
            }
            cause = cause.getCause();
        }
        Throwable root = failure instanceof StartFailure && failure.getCause() != null ? failure.getCause() : failure;
        return who + "did not start: " + root;
    }
}
