package io.posthorn.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures on a test's thread, never on an event loop; gives up after 20 seconds. */
public final class Futures {
    private static final long PATIENCE_SECONDS = 20;

    private Futures() {}

    /** The result; what it fails with is the cause of an {@link AssertionError}. */
    @CanIgnoreReturnValue
    public static <T> T resultOf(Future<T> future) {
        try {
            return get(future);
        } catch (ExecutionException e) {
            throw new AssertionError("the future failed: " + e.getCause(), e.getCause());
        }
    }

    /** What the future fails with; an {@link AssertionError} when it succeeds. */
    public static Throwable failureOf(Future<?> future) {
        try {
            Object result = get(future);
            throw new AssertionError("the future should have failed, but gave " + result);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return cause == null ? e : cause;
        }
    }

    /** The code that the future fails with; an {@link AssertionError} when it succeeds or fails without one. */
    public static ErrorCode codeOf(Future<?> future) {
        Throwable failure = failureOf(future);
        if (failure instanceof PosthornException refused) {
            return refused.code();
        }
        throw new AssertionError("failed without an error code", failure);
    }

    private static <T> T get(Future<T> future) throws ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the future did not complete in " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
