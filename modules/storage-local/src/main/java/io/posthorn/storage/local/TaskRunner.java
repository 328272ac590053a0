package io.posthorn.storage.local;

import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Requests;
import io.posthorn.storage.rows.TaskRow;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The background tasks that run, which take turns: each step is one of {@link BulkWork}, written together with how far
 * its task has come. Store thread.
 */
final class TaskRunner {
    /** The most tasks that run at a time. */
    static final int MAX_RUNNING = 1_000;

    /** While fresh messages come, the pause after a step is so many times what it took, between the two bounds. */
    private static final int PAUSE_SHARE = 50;

    private static final long MIN_PAUSE_MILLIS = 20;
    private static final long MAX_PAUSE_MILLIS = 100;

    /** The pause when no fresh message came for {@value #FRESH_MILLIS} ms: there is nobody to be held up. */
    private static final long QUIET_PAUSE_MILLIS = 2;

    private static final long FRESH_MILLIS = 1_000;

    /** Ended tasks that are removed at a time. */
    private static final int DROP_BATCH = 100;

    private static final byte[] NO_VALUE = {1};

    private final OrderedMap map;
    private final DirectoryCache directory;
    private final BulkWork work;
    private final SteadyTime time;
    private final long retentionMillis;
    private final ArrayDeque<TaskRow> running = new ArrayDeque<>();
    private long freshUntil;

    TaskRunner(OrderedMap map, DirectoryCache directory, BulkWork work, SteadyTime time, long retentionMillis) {
        this.map = map;
        this.directory = directory;
        this.work = work;
        this.time = time;
        this.retentionMillis = retentionMillis;
    }

    /** Takes up the tasks that ran when the store was left. */
    void recover() throws IOException {
        List<byte[]> keys = new ArrayList<>();
        map.scan(Table.TASK, TaskKeys.running(), Keys.after(TaskKeys.running()), false, (key, value) -> keys.add(key));
        for (byte[] key : keys) {
            byte[] row = map.get(Table.TASK, TaskKeys.taskOf(key));
            if (row != null) {
                running.add(TaskRow.decode(row));
            }
        }
    }

    BackgroundTask start(Requests.StartTask request, long now, WriteSet writes) throws IOException {
        byte[] before = map.get(Table.TASK, TaskKeys.task(request.organization(), request.id()));
        if (before != null) {
            return TaskRow.decode(before).task();
        }
        if (endpoint(request.work()) == null) {
            throw new PosthornException(ErrorCode.NOT_FOUND, "Entity not found");
        }
        if (running.size() >= MAX_RUNNING) {
            throw new PosthornException(
                    ErrorCode.TOO_MANY_REQUESTS, MAX_RUNNING + " background tasks run already; wait until some end");
        }
        Instant wall = time.wall(now);
        BackgroundTask task = new BackgroundTask(
                request.id(),
                request.organization(),
                request.work(),
                BackgroundTask.Status.RUNNING,
                0,
                0,
                null,
                wall,
                wall);
        add(new TaskRow(task, null), now, writes);
        return task;
    }

    /** Stores a task as it is; one that runs goes on from there. */
    void add(TaskRow row, long now, WriteSet writes) throws IOException {
        store(row, now, writes);
        if (!row.task().isEnd()) {
            writes.put(
                    Table.TASK,
                    TaskKeys.running(row.task().organization(), row.task().id()),
                    NO_VALUE);
            running.add(row);
        }
    }

    boolean isIdle() {
        return running.isEmpty();
    }

    /** How many tasks have not ended. */
    int runningCount() {
        return running.size();
    }

    /** A fresh message came. */
    void makeRoom(long now) {
        freshUntil = now + FRESH_MILLIS;
    }

    /**
     * Does one step of the task whose turn it is, if there is one.
     *
     * @return how long to wait before the next one: while there is fresh traffic, longer where steps take longer, so that
     *     they take a small share of the store thread on a slow or busy machine, too
     */
    Duration step(long now, WriteSet writes) throws IOException {
        long start = System.nanoTime();
        TaskRow row = running.poll();
        if (row != null) {
            step(row, now, writes);
        }
        if (now >= freshUntil) {
            return Duration.ofMillis(QUIET_PAUSE_MILLIS);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(PAUSE_SHARE * (System.nanoTime() - start));
        return Duration.ofMillis(Math.max(MIN_PAUSE_MILLIS, Math.min(MAX_PAUSE_MILLIS, millis)));
    }

    private void step(TaskRow row, long now, WriteSet writes) throws IOException {
        BackgroundTask task = row.task();
        Endpoint endpoint = endpoint(task.work());
        TaskRow after;
        if (endpoint == null) {
            after = new TaskRow(task.failed("the endpoint was deleted", time.wall(now)), null);
        } else {
            BulkWork.Step done = work.step(task.work(), endpoint, row.cursor(), now, writes);
            after = new TaskRow(
                    task.advanced(done.changed(), done.scanned(), done.finished(), time.wall(now)), done.cursor());
        }
        store(after, now, writes);
        if (after.task().isEnd()) {
            writes.delete(Table.TASK, TaskKeys.running(task.organization(), task.id()));
        } else {
            running.add(after);
        }
    }

    /** Removes some of the tasks that ended long ago. */
    void dropOld(long now, WriteSet writes) throws IOException {
        List<byte[]> old = new ArrayList<>();
        map.scan(
                Table.TASK,
                TaskKeys.endedBefore(0),
                TaskKeys.endedBefore(Math.max(0, now - retentionMillis)),
                false,
                (key, value) -> {
                    old.add(key);
                    return old.size() < DROP_BATCH;
                });
        for (byte[] key : old) {
            writes.delete(Table.TASK, key);
            writes.delete(Table.TASK, TaskKeys.taskOf(key));
        }
    }

    private @Nullable Endpoint endpoint(BackgroundTask.Work of) throws IOException {
        return directory.endpoint(of.application(), of.endpoint());
    }

    private static void store(TaskRow row, long now, WriteSet writes) throws IOException {
        BackgroundTask task = row.task();
        writes.put(Table.TASK, TaskKeys.task(task.organization(), task.id()), row.encode());
        if (task.isEnd()) {
            writes.put(
                    Table.TASK,
                    TaskKeys.ended(Math.min(now, task.updatedAt().toEpochMilli()), task.organization(), task.id()),
                    NO_VALUE);
        }
    }
}
