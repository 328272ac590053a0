package io.posthorn.storage.local;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.storage.api.StoreRefused;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes a store, and its group commit: what arrives while a group is flushed is the next group.
 * After a failed write nothing in memory is trusted; the store is opened anew from what is in the map, once a second
 * until that succeeds, and everything is refused meanwhile.
 */
final class StoreThread {
    private static final Logger LOG = LoggerFactory.getLogger(StoreThread.class);
    private static final int MAX_QUEUED = 16_384;
    private static final int MAX_GROUP = 1_024;
    private static final long FLUSH_DELAY_MILLIS = 5;
    private static final long FLUSH_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(FLUSH_DELAY_MILLIS);
    private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long IDLE_MILLIS = 500;

    /** Ends the wait for something to do; nothing is done for it. */
    private static final Operation<Boolean> WAKE_UP = new Operation<>(Operation.Kind.AT_ONCE, (open, now, set) -> true);

    private final OrderedMap.Opener opener;
    private final InstantSource clock;
    private final EngineOptions options;
    private final FreeSpace freeSpace;
    private final BlockingQueue<Operation<?>> queued = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final List<Operation<?>> group = new ArrayList<>();
    private final WriteSet writes = new WriteSet();
    private final SteadyTime time;
    private final Thread thread;

    private volatile @Nullable Store store;
    private volatile @Nullable String refusal;
    private volatile boolean closing;
    private volatile boolean abandoned;
    private volatile Runnable workListener = () -> {};
    private boolean unflushed;
    private long unflushedSince;
    private long failedAt;

    /** A store that must not be opened, for a reason that trying again does not change by itself. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        private final StoreRefused reason;

        Refused(StoreRefused reason) {
            super(reason.getMessage(), reason);
            this.reason = reason;
        }

        StoreRefused reason() {
            return reason;
        }
    }

    StoreThread(
            OrderedMap.Opener opener, InstantSource clock, EngineOptions options, FreeSpace freeSpace, String name) {
        this.opener = opener;
        this.clock = clock;
        this.options = options;
        this.freeSpace = freeSpace;
        this.time = new SteadyTime(clock);
        this.thread = new Thread(this::loop, name);
    }

    /** Opens the store, on the calling thread, which may block; then the thread runs. */
    void start() throws IOException {
        store = openStore();
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets the thread finish what is queued, and closes the store; waits for that. Called once. */
    void stop() throws InterruptedException {
        closing = true;
        if (thread.isAlive()) {
            // Where there is no room for it, the thread is not idle.
            boolean unused = queued.offer(WAKE_UP);
            thread.join();
        }
    }

    /** As a crash would leave it: nothing queued is done, nothing is flushed. For tests of recovery. */
    void abandon() throws InterruptedException {
        abandoned = true;
        queued.clear();
        stop();
    }

    <T> Future<T> submit(Operation.Kind kind, Operation.Step<T> step) {
        Operation<T> operation = new Operation<>(kind, step);
        String why = closing ? "the store is closed" : refusal;
        if (why != null) {
            operation.refuse(why);
        } else if (!queued.offer(operation)) {
            return Future.failedFuture(
                    new PosthornException(ErrorCode.OVERLOADED, "too many requests wait for the store"));
        } else if (closing && queued.remove(operation)) {
            operation.refuse("the store is closed");
        }
        return operation.future();
    }

    void onWork(Runnable listener) {
        workListener = listener;
    }

    /** The open store, for reads; fails while there is none. */
    Store readable() {
        Store open = store;
        if (open == null) {
            throw new PosthornException(ErrorCode.STORE_UNAVAILABLE, refusal == null ? "the store is closed" : refusal);
        }
        return open;
    }

    /** Why changes are refused at the moment; null when they are not. */
    @Nullable
    String refusal() {
        String why = refusal;
        return why != null ? why : freeSpace.shortage();
    }

    /** What was found when the store was opened and an operator should know; null when nothing was. */
    @Nullable
    String notice() {
        Store open = store;
        return open == null ? null : open.map.notice();
    }

    private Store openStore() throws IOException {
        OrderedMap map = opener.open();
        try {
            time.resume(map);
            return Store.recover(map, clock, time, options);
        } catch (IOException | RuntimeException e) {
            map.close();
            throw e;
        }
    }

    private void loop() {
        while (!closing || !queued.isEmpty()) {
            try {
                gather();
                if (closing && group.isEmpty()) {
                    continue;
                }
                freeSpace.look();
                Store open = store;
                if (open == null) {
                    refuseAll(refusal);
                    reopen();
                } else {
                    work(open);
                }
            } catch (InterruptedException e) {
                closing = true;
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }
        finish();
    }

    private void gather() throws InterruptedException {
        group.clear();
        Operation<?> first = queued.poll(unflushed ? FLUSH_DELAY_MILLIS : IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
            group.add(first);
            queued.drainTo(group, MAX_GROUP - 1);
        }
        if (closing) {
            group.remove(WAKE_UP);
        }
    }

    private void work(Store opened) throws IOException {
        Store open = opened;
        if (group.isEmpty()) {
            if (unflushed) {
                open.map.write(writes, true);
                unflushed = false;
            }
            return;
        }
        long now = time.millis();
        for (Operation<?> operation : group) {
            if (operation.kind() == Operation.Kind.AT_ONCE && operation.run(open, now, writes)) {
                operation.succeed();
            }
        }
        List<Operation<?>> waiting = new ArrayList<>(group.size());
        for (Operation<?> operation : group) {
            switch (operation.kind()) {
                case AT_ONCE, BACKGROUND -> {}
                case ALONE, UPKEEP, UNFLUSHED -> {
                    commit(open, waiting, now);
                    perform(open, operation, now, waiting);
                    commit(open, waiting, now);
                    open = renewed(open);
                }
                default -> perform(open, operation, now, waiting);
            }
        }
        commit(open, waiting, now);
        for (Operation<?> operation : group) {
            if (operation.kind() == Operation.Kind.BACKGROUND) {
                perform(open, operation, now, waiting);
                commit(open, waiting, now);
            }
        }
        if (open.claimer.hasNews()) {
            workListener.run();
        }
    }

    /** The same store, or one made anew where all that it knew was cleared. */
    private Store renewed(Store open) throws IOException {
        if (!open.cleared) {
            return open;
        }
        Store fresh = Store.recover(open.map, clock, time, options);
        store = fresh;
        return fresh;
    }

    private void perform(Store open, Operation<?> operation, long now, List<Operation<?>> waiting) throws IOException {
        String shortage = operation.kind().addsNothing() ? null : freeSpace.shortage();
        if (shortage != null) {
            operation.refuse(shortage);
        } else if (operation.run(open, now, writes)) {
            waiting.add(operation);
        }
    }

    private void commit(Store open, List<Operation<?>> waiting, long now) throws IOException {
        open.queues.writeLedgers(writes, now);
        boolean flush = unflushed && System.nanoTime() - unflushedSince >= FLUSH_DELAY_NANOS;
        for (Operation<?> operation : waiting) {
            flush |= operation.kind().isFlushed();
        }
        if (!writes.isEmpty()) {
            time.note(now, writes);
            open.map.write(writes, flush);
            if (!flush && !unflushed) {
                unflushedSince = System.nanoTime();
            }
            unflushed = !flush;
            writes.clear();
        }
        open.appender.groupDone();
        waiting.forEach(Operation::succeed);
        waiting.clear();
    }

    private void fail(Exception cause) {
        LOG.error("the store failed and is opened anew; nothing is accepted until then", cause);
        refusal = "the store failed: " + cause.getMessage();
        failedAt = System.nanoTime();
        refuseAll(refusal);
        writes.clear();
        unflushed = false;
        Store broken = store;
        store = null;
        if (broken != null) {
            broken.map.close();
        }
    }

    private void reopen() {
        if (System.nanoTime() - failedAt < REOPEN_NANOS || closing) {
            return;
        }
        failedAt = System.nanoTime();
        try {
            store = openStore();
            refusal = null;
            LOG.info("the store is open again");
            workListener.run();
        } catch (IOException | RuntimeException e) {
            LOG.warn("the store cannot be opened yet: {}", e.getMessage());
            refusal = "the store cannot be opened: " + e.getMessage();
        }
    }

    private void refuseAll(@Nullable String why) {
        for (Operation<?> operation : group) {
            operation.refuse(why == null ? "the store is closed" : why);
        }
        group.clear();
    }

    private void finish() {
        Store open = store;
        store = null;
        if (open == null) {
            return;
        }
        try {
            if (unflushed && !abandoned) {
                open.map.write(writes, true);
            }
        } catch (IOException e) {
            LOG.error("the last results could not be flushed; their deliveries may be repeated", e);
        } finally {
            open.map.close();
        }
    }
}
