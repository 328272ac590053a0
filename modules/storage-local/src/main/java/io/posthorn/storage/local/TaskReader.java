package io.posthorn.storage.local;

import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.TaskId;
import io.posthorn.storage.rows.TaskRow;
import java.io.IOException;

/** Reads background tasks from the map. Any thread that may block. */
final class TaskReader {
    private final OrderedMap map;

    TaskReader(OrderedMap map) {
        this.map = map;
    }

    BackgroundTask task(StorageQuery.OneTask query) throws IOException {
        byte[] row = map.get(Table.TASK, TaskKeys.task(query.organization(), query.task()));
        if (row == null) {
            throw new PosthornException(ErrorCode.NOT_FOUND, "Entity not found");
        }
        return TaskRow.decode(row).task();
    }

    StorageQuery.TaskPage tasks(StorageQuery.Tasks query) throws IOException {
        byte[] prefix = TaskKeys.tasks(query.organization());
        String from = query.page().from();
        PageScan<BackgroundTask> page = new PageScan<>(query.page());
        page.read(
                map,
                Table.TASK,
                prefix,
                Keys.after(prefix),
                from == null ? null : TaskKeys.task(query.organization(), new TaskId(from)),
                (key, row) -> {
                    BackgroundTask task = TaskRow.decode(row).task();
                    return query.status() == null || query.status() == task.status() ? task : null;
                });
        return new StorageQuery.TaskPage(page.items(), page.done());
    }
}
