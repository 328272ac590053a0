package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Requests;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** The tasks and recounts of a storage role, which never go on by themselves. */
final class StubTasks {
    final List<BackgroundTask> all = new ArrayList<>();
    final List<AuditReport.Start> audits = new ArrayList<>();
    volatile AuditReport.Progress audit = new AuditReport.Progress(false, 0, "", List.of());

    Future<Void> serve(Bus bus) {
        return Future.all(List.of(
                        bus.serve(Addresses.START_TASK, (q, d) -> Future.succeededFuture(start(q))),
                        bus.serve(Addresses.TASK, (q, d) -> Future.succeededFuture(task(q))),
                        bus.serve(Addresses.TASK_LIST, (q, d) -> Future.succeededFuture(list(q))),
                        bus.serve(Addresses.AUDIT_START, (q, d) -> {
                            audits.add(q);
                            return Future.succeededFuture(audit);
                        }),
                        bus.serve(Addresses.AUDIT, (q, d) -> Future.succeededFuture(audit))))
                .mapEmpty();
    }

    private synchronized BackgroundTask start(Requests.StartTask request) {
        for (BackgroundTask task : all) {
            if (task.id().equals(request.id())) {
                return task;
            }
        }
        BackgroundTask made = new BackgroundTask(
                request.id(),
                request.organization(),
                request.work(),
                BackgroundTask.Status.RUNNING,
                0,
                0,
                null,
                TestClock.START,
                TestClock.START);
        all.add(made);
        return made;
    }

    private synchronized BackgroundTask task(StorageQuery.OneTask query) {
        return all.stream()
                .filter(task ->
                        task.id().equals(query.task()) && task.organization().equals(query.organization()))
                .findFirst()
                .orElseThrow(StubStorage::notFound);
    }

    private synchronized StorageQuery.TaskPage list(StorageQuery.Tasks query) {
        List<BackgroundTask> found = all.stream()
                .filter(task -> task.organization().equals(query.organization()))
                .filter(task -> query.status() == null || query.status() == task.status())
                .toList();
        StubStorage.Part<BackgroundTask> part =
                StubStorage.part(found, query.page(), task -> task.id().value());
        return new StorageQuery.TaskPage(part.items(), part.done());
    }

    /** Puts a task in the place of the one with its id. */
    synchronized void replace(BackgroundTask changed) {
        all.replaceAll(task -> task.id().equals(changed.id()) ? changed : task);
    }
}
