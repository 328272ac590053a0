package io.posthorn.storage.local;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that read the map beside the store thread. What is more than {@value #MAX_QUEUED} reads fails with OVERLOADED. */
final class StoreReaders {
    private static final int THREADS = 2;
    private static final int MAX_QUEUED = 4_096;

    private final StoreThread store;
    private final ThreadPoolExecutor threads;

    /** A read of the map. */
    @FunctionalInterface
    interface Read<T> {
        T from(Store open) throws IOException;
    }

    StoreReaders(StoreThread store) {
        this.store = store;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_QUEUED), task -> {
                    Thread thread = new Thread(task, "posthorn-store-reader");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Completes on one of the threads. */
    <T> Future<T> read(Read<T> read) {
        Promise<T> promise = Promise.promise();
        try {
            threads.execute(() -> {
                try {
                    promise.complete(read.from(store.readable()));
                } catch (IOException e) {
                    promise.fail(new PosthornException(ErrorCode.STORE_UNAVAILABLE, "the store cannot be read", e));
                } catch (RuntimeException e) {
                    promise.fail(e);
                }
            });
        } catch (RejectedExecutionException e) {
            promise.fail(new PosthornException(ErrorCode.OVERLOADED, "too many reads wait for the store", e));
        }
        return promise.future();
    }

    /** Reads that wait are still made; later ones fail. */
    void stop() {
        threads.shutdown();
    }
}
