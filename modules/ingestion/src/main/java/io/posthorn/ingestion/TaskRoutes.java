package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.TaskId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Work on many deliveries of an endpoint, {@code .../recover} and its like, and {@code /background-task}, which shows it. */
final class TaskRoutes {
    private static final String ALL = "/background-task";
    private static final Duration MAX_WINDOW =
            Duration.ofDays(BackgroundTask.MAX_WINDOW_DAYS).plusMinutes(5);

    private final Catalogue catalogue;
    private final RepeatableTasks tasks;
    private final Bus bus;
    private final InstantSource clock;

    TaskRoutes(Catalogue catalogue, Bus bus, InstantSource clock) {
        this.catalogue = catalogue;
        this.tasks = new RepeatableTasks(bus, clock);
        this.bus = bus;
        this.clock = clock;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.POST, EndpointRoutes.ONE + "/recover", Access.APPLICATION, this::recover)
                .add(HttpMethod.POST, EndpointRoutes.ONE + "/replay-missing", Access.APPLICATION, this::replayMissing)
                .add(HttpMethod.POST, EndpointRoutes.ONE + "/cancel", Access.APPLICATION, this::cancel)
                .add(HttpMethod.GET, ALL, Access.ORGANIZATION, this::list)
                .add(HttpMethod.GET, ALL + "/:task_id", Access.APPLICATION, this::get);
    }

    /** Both ends of a range of times at which messages were accepted. */
    private record Window(Instant since, Instant until) {}

    private Future<Reply> recover(Exchange exchange) {
        Window window = window(exchange.fields());
        return begin(
                exchange,
                endpoint -> new BackgroundTask.Recover(
                        endpoint.application(), endpoint.id(), window.since(), window.until()));
    }

    private Future<Reply> replayMissing(Exchange exchange) {
        Window window = window(exchange.fields());
        return begin(
                exchange,
                endpoint -> new BackgroundTask.ReplayMissing(
                        endpoint.application(), endpoint.id(), window.since(), window.until()));
    }

    private Future<Reply> cancel(Exchange exchange) {
        Fields fields = exchange.optionalFields();
        Instant until = fields.time("until");
        fields.end();
        Instant end = until == null ? clock.instant() : until;
        return begin(
                exchange, endpoint -> new BackgroundTask.CancelWaiting(endpoint.application(), endpoint.id(), end));
    }

    private Window window(Fields fields) {
        Instant since = fields.requiredTime("since");
        Instant until = fields.time("until");
        fields.end();
        Instant now = clock.instant();
        Instant end = until == null ? now : until;
        if (since.isAfter(now)) {
            fields.invalid("since", "expected a time that is not in the future");
        } else if (since.isAfter(end)) {
            fields.invalid("since", "expected a time before until");
        } else if (Duration.between(since, end).compareTo(MAX_WINDOW) > 0) {
            fields.invalid(
                    "since",
                    "expected a time at most " + BackgroundTask.MAX_WINDOW_DAYS
                            + " days before until, or before now where that is not given");
        }
        fields.end();
        return new Window(since, end);
    }

    private Future<Reply> begin(Exchange exchange, Function<Endpoint, BackgroundTask.Work> work) {
        return catalogue
                .endpoint(exchange)
                .compose(endpoint -> tasks.begin(exchange, work.apply(endpoint)))
                .map(task -> Reply.of(202, TaskJson.begun(task)));
    }

    private Future<Reply> list(Exchange exchange) {
        Query query = exchange.query();
        PageRequest page = query.page(false, true, TaskId::isValid);
        BackgroundTask.Status status = status(query);
        String kind = query.text("task");
        if (kind != null && !TaskJson.KINDS.contains(kind)) {
            query.problem(
                    "expected " + TaskJson.RECOVER + ", " + TaskJson.REPLAY_MISSING + " or " + TaskJson.CANCEL, "task");
        }
        query.end();
        return bus.request(
                        Addresses.TASK_LIST,
                        new StorageQuery.Tasks(exchange.requireCaller().organization(), status, page),
                        exchange.deadline().forNested())
                .map(found -> Reply.of(200, write(found, kind)));
    }

    /** A page without those of another kind, which goes on where the whole one would. */
    private static JsonObject write(StorageQuery.TaskPage page, @Nullable String kind) {
        JsonArray data = new JsonArray();
        page.items().stream()
                .filter(task -> kind == null || kind.equals(TaskJson.kind(task)))
                .forEach(task -> data.add(TaskJson.write(task)));
        List<BackgroundTask> all = page.items();
        String first = all.isEmpty() ? null : all.get(0).id().value();
        String last = all.isEmpty() ? null : all.get(all.size() - 1).id().value();
        return Paging.end(data, first, last, page.done());
    }

    private static BackgroundTask.@Nullable Status status(Query query) {
        String text = query.text("status");
        if (text == null) {
            return null;
        }
        for (BackgroundTask.Status status : BackgroundTask.Status.values()) {
            if (status.name().toLowerCase(Locale.ROOT).equals(text)) {
                return status;
            }
        }
        query.problem(
                "expected one of "
                        + Stream.of(BackgroundTask.Status.values())
                                .map(status -> status.name().toLowerCase(Locale.ROOT))
                                .toList(),
                "status");
        return null;
    }

    /** With the token of an application only its own are seen. */
    private Future<Reply> get(Exchange exchange) {
        String id = exchange.pathParameter("task_id");
        if (!TaskId.isValid(id)) {
            return Future.failedFuture(notFound());
        }
        Caller caller = exchange.requireCaller();
        return bus.request(
                        Addresses.TASK,
                        new StorageQuery.OneTask(caller.organization(), new TaskId(id)),
                        exchange.deadline().forNested())
                .compose(task -> caller.application() == null
                                || caller.application().equals(task.work().application())
                        ? Future.succeededFuture(Reply.of(200, TaskJson.write(task)))
                        : Future.failedFuture(notFound()));
    }

    private static PosthornException notFound() {
        return new PosthornException(ErrorCode.NOT_FOUND, "Entity not found");
    }
}
