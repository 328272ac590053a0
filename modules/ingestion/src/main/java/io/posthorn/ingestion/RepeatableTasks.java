package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SortableId;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.TaskId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Begins background tasks so that a repeated request begins none. The id of a task that was asked for with an
 * idempotency key is its minute, then {@value #KEY_BYTES} bytes of the key's digest, then {@value #BODY_BYTES} of the
 * body's: in the same minute the same request makes the same id, and storage answers what it has; later the task is
 * found among those of the last day by the bytes of its key. Tasks begun with a key in one minute are in no order.
 */
final class RepeatableTasks {
    private static final int TIME_BYTES = 5;
    private static final int KEY_BYTES = 8;
    private static final int BODY_BYTES = 7;
    private static final long SLOT_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final long REMEMBERED_MILLIS =
            Duration.ofHours(24).plusMinutes(2).toMillis();

    private final Bus bus;
    private final InstantSource clock;

    RepeatableTasks(Bus bus, InstantSource clock) {
        this.bus = bus;
        this.clock = clock;
    }

    /** The new task, or the one that the same request began before; KEY_REUSED where only the body differs. */
    Future<BackgroundTask> begin(Exchange exchange, BackgroundTask.Work work) {
        IdempotencyKey key = exchange.idempotencyKey();
        long now = clock.millis();
        if (key == null) {
            return begin(exchange, TaskId.at(now), work);
        }
        TaskId id = idOf(key, now - Math.floorMod(now, SLOT_MILLIS));
        return earlier(exchange, id, now - REMEMBERED_MILLIS, null)
                .compose(found -> found == null
                        ? begin(exchange, id, work)
                        : same(found.id(), id, TIME_BYTES + KEY_BYTES, SortableId.BYTES)
                                ? Future.succeededFuture(found)
                                : Future.failedFuture(Catalogue.keyReused()));
    }

    private Future<BackgroundTask> begin(Exchange exchange, TaskId id, BackgroundTask.Work work) {
        return bus.request(
                Addresses.START_TASK,
                new Requests.StartTask(id, organization(exchange), work),
                exchange.deadline().forNested());
    }

    /** The task since then whose id has the same key as the wanted one, or null; newest first, page by page. */
    private Future<@Nullable BackgroundTask> earlier(
            Exchange exchange, TaskId wanted, long since, @Nullable String from) {
        PageRequest page = new PageRequest(PageRequest.MAX_LIMIT, from, false, false);
        return bus.request(
                        Addresses.TASK_LIST,
                        new StorageQuery.Tasks(organization(exchange), null, page),
                        exchange.deadline().forNested())
                .compose(found -> {
                    String last = null;
                    for (BackgroundTask task : found.items()) {
                        last = task.id().value();
                        if (SortableId.epochMillis(last) < since) {
                            return Future.succeededFuture(null);
                        }
                        if (same(task.id(), wanted, TIME_BYTES, TIME_BYTES + KEY_BYTES)) {
                            return Future.succeededFuture(task);
                        }
                    }
                    return found.done() || last == null
                            ? Future.succeededFuture(null)
                            : earlier(exchange, wanted, since, last);
                });
    }

    private static OrganizationId organization(Exchange exchange) {
        return exchange.requireCaller().organization();
    }

    private static TaskId idOf(IdempotencyKey key, long slot) {
        byte[] bytes = TaskId.at(slot).bytes();
        System.arraycopy(Base64.getUrlDecoder().decode(key.digest()), 0, bytes, TIME_BYTES, KEY_BYTES);
        System.arraycopy(Base64.getUrlDecoder().decode(key.bodyDigest()), 0, bytes, TIME_BYTES + KEY_BYTES, BODY_BYTES);
        return TaskId.of(bytes);
    }

    private static boolean same(TaskId one, TaskId other, int from, int to) {
        return Arrays.equals(one.bytes(), from, to, other.bytes(), from, to);
    }
}
