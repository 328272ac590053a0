package io.posthorn.ingestion;

import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.BackgroundTask.CancelWaiting;
import io.posthorn.contract.BackgroundTask.Recover;
import io.posthorn.contract.BackgroundTask.ReplayMissing;
import io.posthorn.contract.BackgroundTask.Work;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes background tasks in the shapes that the client libraries know. */
final class TaskJson {
    static final String RECOVER = "endpoint.recover";
    static final String REPLAY_MISSING = "endpoint.replay";
    static final String CANCEL = "endpoint.cancel";

    /** What a task can be, with what only other servers of this API do. */
    static final Set<String> KINDS = Set.of(
            RECOVER,
            REPLAY_MISSING,
            CANCEL,
            "endpoint.bulk-replay",
            "application.stats",
            "application.purge_content",
            "message.broadcast",
            "sdk.generate",
            "event-type.aggregate");

    private TaskJson() {}

    /** The answer to the request that began it. */
    static JsonObject begun(BackgroundTask task) {
        return new JsonObject()
                .put("id", task.id().value())
                .put("status", task.status().name().toLowerCase(Locale.ROOT))
                .put("task", kind(task))
                .put("updatedAt", task.updatedAt().toString());
    }

    /** The task with all that is known of it. */
    static JsonObject write(BackgroundTask task) {
        Work work = task.work();
        JsonObject data = new JsonObject()
                .put("application", work.application().value())
                .put("endpoint", work.endpoint().value())
                .put("since", text(since(work)))
                .put("until", text(until(work)))
                .put("changed", task.changed())
                .put("scanned", task.scanned())
                .put("failure", task.failure())
                .put("createdAt", task.createdAt().toString());
        return begun(task).put("data", data);
    }

    static String kind(BackgroundTask task) {
        Work work = task.work();
        if (work instanceof Recover) {
            return RECOVER;
        }
        return work instanceof ReplayMissing ? REPLAY_MISSING : CANCEL;
    }

    private static @Nullable Instant since(Work work) {
        if (work instanceof Recover recover) {
            return recover.since();
        }
        return work instanceof ReplayMissing replay ? replay.since() : null;
    }

    private static Instant until(Work work) {
        if (work instanceof Recover recover) {
            return recover.until();
        }
        return work instanceof ReplayMissing replay ? replay.until() : ((CancelWaiting) work).until();
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
