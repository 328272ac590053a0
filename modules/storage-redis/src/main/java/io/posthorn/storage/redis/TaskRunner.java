package io.posthorn.storage.redis;

import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SortableId;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.TaskId;
import io.posthorn.storage.api.Tasks;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Background tasks, each kept in the shard of its application. A step is one script that changes some deliveries together
 * with how far the task has come; it names the place from which it goes on, so that of two nodes one does nothing. Any
 * thread.
 */
final class TaskRunner implements Tasks {
    private static final Script START = Script.of("task-start");
    private static final Script TASK = Script.of("task");
    private static final Script TASKS = Script.of("tasks");
    private static final Script RECOVER = Script.of("task-recover", "queue", "records", "tasksteps");
    private static final Script REPLAY = Script.of("task-replay", "queue", "records", "tasksteps");
    private static final Script CANCEL = Script.of("task-cancel", "queue", "records", "tasksteps");

    /** The most tasks that run at a time in one shard. */
    private static final int MAX_RUNNING = 1_000;

    /** Records looked at in one step. */
    private static final int STEP = 25;

    /** Ids tell the time in steps of so many milliseconds. */
    private static final int ID_MILLIS = 4;

    private final ShardCalls calls;
    private final RedisDirectory directory;

    TaskRunner(ShardCalls calls, RedisDirectory directory) {
        this.calls = calls;
        this.directory = directory;
    }

    @Override
    public Future<BackgroundTask> start(Requests.StartTask request) {
        BackgroundTask.Work work = request.work();
        List<Object> args = List.of(
                Names.bare(request.id().value()),
                request.organization().value(),
                Names.bare(work.application().value()),
                Names.bare(work.endpoint().value()),
                TaskFields.text(work),
                MAX_RUNNING);
        return calls.lasting(START, calls.shards().of(work.application()), args).compose(answer -> switch (answer.get(1)
                .toString()) {
            case "T" ->
                Future.succeededFuture(
                        TaskFields.decode(request.id(), answer.get(2)).task());
            case "M" ->
                Future.failedFuture(new PosthornException(
                        ErrorCode.TOO_MANY_REQUESTS,
                        MAX_RUNNING + " background tasks run already; wait until some end"));
            default -> RedisHistory.notFound();
        });
    }

    @Override
    public Future<BackgroundTask> task(StorageQuery.OneTask query) {
        // Its id does not tell its application.
        List<Future<Response>> asked =
                inAllShards(TASK, List.of(Names.bare(query.task().value())));
        return Future.join(asked).compose(all -> {
            for (Future<Response> answer : asked) {
                Response fields = answer.result().get(1);
                if (fields.size() > 0) {
                    BackgroundTask task =
                            TaskFields.decode(query.task(), fields).task();
                    if (task.organization().equals(query.organization())) {
                        return Future.succeededFuture(task);
                    }
                }
            }
            return RedisHistory.notFound();
        });
    }

    @Override
    public Future<StorageQuery.TaskPage> tasks(StorageQuery.Tasks query) {
        PageScan<BackgroundTask> scan = new PageScan<>(query.page(), range -> {
            List<Object> args = List.of(
                    query.organization().value(), range.low(), range.high(), range.down() ? 1 : 0, range.count());
            List<Future<Response>> asked = inAllShards(TASKS, args);
            return Future.join(asked).map(all -> {
                List<BackgroundTask> found = new ArrayList<>();
                boolean end = true;
                for (Future<Response> answer : asked) {
                    end &= answer.result().get(1).toInteger() == 1;
                    Response each = answer.result().get(2);
                    for (int i = 0; i < each.size(); i += 2) {
                        TaskId id = new TaskId(TaskId.PREFIX + each.get(i));
                        found.add(TaskFields.decode(id, each.get(i + 1)).task());
                    }
                }
                found.sort(Comparator.comparing(BackgroundTask::id));
                if (range.down()) {
                    Collections.reverse(found);
                }
                // Behind the first that many a shard that has more may have one before the others.
                boolean cut = !end && found.size() > range.count();
                List<PageScan.Row<BackgroundTask>> rows = new ArrayList<>();
                for (BackgroundTask task : cut ? found.subList(0, range.count()) : found) {
                    boolean wanted = query.status() == null || query.status() == task.status();
                    rows.add(new PageScan.Row<>(Names.bare(task.id().value()), wanted ? task : null));
                }
                return new PageScan.Rows<>(rows, end);
            });
        });
        String from = query.page().from();
        return scan.read(null, null, from == null ? null : Names.bare(from))
                .map(page -> new StorageQuery.TaskPage(page.items(), page.done()));
    }

    /** Takes a task of a shard one step further; completes when that is done. */
    Future<Void> step(int shard, TaskId id) {
        return calls.read(TASK, shard, List.of(Names.bare(id.value()))).compose(answer -> {
            Response fields = answer.get(1);
            return fields.size() == 0 ? Future.succeededFuture() : step(shard, TaskFields.decode(id, fields));
        });
    }

    private Future<Void> step(int shard, TaskFields fields) {
        BackgroundTask.Work work = fields.task().work();
        List<Object> args = new ArrayList<>();
        args.add(Names.bare(fields.task().id().value()));
        args.add(fields.cursor());
        args.add(Names.bare(work.application().value()));
        args.add(Names.bare(work.endpoint().value()));
        args.add(STEP);
        if (work instanceof BackgroundTask.CancelWaiting cancel) {
            args.add(firstOf(cancel.until()));
            return calls.change(CANCEL, shard, args).mapEmpty();
        }
        if (work instanceof BackgroundTask.Recover recover) {
            addWindow(args, fields.cursor(), recover.since(), recover.until());
            return calls.change(RECOVER, shard, args).mapEmpty();
        }
        BackgroundTask.ReplayMissing replay = (BackgroundTask.ReplayMissing) work;
        addWindow(args, fields.cursor(), replay.since(), replay.until());
        return directory
                .endpoint(work.application(), work.endpoint().value())
                .map(found -> {
                    addFilters(args, found);
                    return args;
                })
                .recover(failure -> {
                    if (failure instanceof PosthornException refused && refused.code() == ErrorCode.NOT_FOUND) {
                        // The script sees that, too, and ends the task.
                        args.addAll(List.of("", ""));
                        return Future.succeededFuture(args);
                    }
                    return Future.failedFuture(failure);
                })
                .compose(complete -> calls.change(REPLAY, shard, complete))
                .mapEmpty();
    }

    private static void addFilters(List<Object> args, Endpoint endpoint) {
        addNames(args, endpoint.eventTypes());
        addNames(args, endpoint.channels());
    }

    private static void addNames(List<Object> args, @Nullable Set<String> names) {
        if (names == null) {
            args.add("");
        } else {
            args.add(names.size());
            args.addAll(names);
        }
    }

    private static void addWindow(List<Object> args, String cursor, Instant since, Instant until) {
        args.add(cursor.isEmpty() ? "[" + firstOf(since) : "(" + cursor);
        args.add("(" + firstOf(until));
    }

    /** The lowest id that a message accepted at that time or later can have. */
    private static String firstOf(Instant time) {
        long millis = time.toEpochMilli();
        long whole = time.isAfter(Instant.ofEpochMilli(millis)) ? millis + 1 : millis;
        return SortableId.lowest("", whole + ID_MILLIS - 1);
    }

    private List<Future<Response>> inAllShards(Script script, List<?> args) {
        List<Future<Response>> asked = new ArrayList<>();
        for (int shard = 0; shard < calls.shards().count(); shard++) {
            asked.add(calls.read(script, shard, args));
        }
        return asked;
    }
}
