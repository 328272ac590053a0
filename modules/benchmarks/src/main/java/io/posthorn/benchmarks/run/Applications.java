package io.posthorn.benchmarks.run;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.benchmarks.load.Payload;
import io.posthorn.benchmarks.load.RequestTemplate;
import io.posthorn.testkit.process.RunFailed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Applications of the program under test, with endpoints by event type, and the jobs that send to them. */
public final class Applications {
    private static final Duration CREATION = Duration.ofHours(1);
    private static final int CREATING = 16;
    private static final int FILLINGS = 20;

    private final Stage stage;
    private final Service service;
    private final List<String> ids;
    private final int types;

    private Applications(Stage stage, Service service, List<String> ids, int types) {
        this.stage = stage;
        this.service = service;
        this.ids = ids;
        this.types = types;
    }

    /** Makes so many, without endpoints, and sees to it that there are so many event types. */
    public static Applications create(Stage stage, Service service, int count, int types)
            throws IOException, InterruptedException {
        Applications made = new Applications(stage, service, service.applications(count), types);
        int known = service.eventTypes(types);
        if (known < types) {
            JsonObject type =
                    new JsonObject().put("name", typeName()).put("description", "An event of the benchmarks.");
            made.post(List.of("/event-type"), types, known, type);
        }
        return made;
    }

    /** Gives each application an endpoint for each event type, so often, at that path of the receiver. */
    public void endpoints(int each, String path) throws IOException {
        List<String> paths = ids.stream().map(id -> "/app/" + id + "/endpoint").toList();
        for (int i = 0; i < each; i++) {
            post(paths, types, 0, endpoint(typeName(), path));
        }
    }

    /** Gives the first application an endpoint for one event type; answers its path below {@code /api/v1}. */
    @CanIgnoreReturnValue // most endpoints are only sent to
    public String endpoint(int type, String path) throws IOException, InterruptedException {
        String name = String.format(java.util.Locale.ROOT, "bench.%08d", type);
        String all = "/app/" + ids.get(0) + "/endpoint";
        return all + "/"
                + service.node().json("POST", all, endpoint(name, path)).getString("id");
    }

    /** The same, with so many deliveries a second at most. */
    public void limitedEndpoint(int type, String path, int throttleRate) throws IOException, InterruptedException {
        String name = String.format(java.util.Locale.ROOT, "bench.%08d", type);
        service.node()
                .json(
                        "POST",
                        "/app/" + ids.get(0) + "/endpoint",
                        endpoint(name, path).put("throttleRate", throttleRate));
    }

    /** A job that sends events of all types to all of them in turn, until the window is over. */
    public LoadJob events(int payloadBytes) {
        Plan plan = stage.plan();
        List<String> heads = ids.stream()
                .map(id -> service.head("/app/" + id + "/msg")
                        + (plan.idempotencyKeys() ? "\r\nidempotency-key: " + RequestTemplate.KEY : ""))
                .toList();
        String body = "{\"eventType\":\"" + typeName() + "\",\"payload\":" + Payload.template(payloadBytes) + "}";
        return new LoadJob(
                false,
                service.port(),
                heads,
                body,
                types,
                plan.connections(),
                plan.inFlight(),
                0,
                plan.windowMillis(),
                0,
                0);
    }

    /** Sends events as fast as it goes until so many are accepted, without waiting for deliveries. */
    public void fill(int count) throws IOException {
        LoadJob job = events(stage.plan().payloadBytes()).lasting(CREATION.toMillis());
        long left = count;
        for (int i = 0; left > 0 && i < FILLINGS; i++) {
            JsonObject load = stage.send(job.limitedTo(left).numberedFrom(stage.freshNumbers()));
            left -= Stage.accepted(load);
            if (left > 0) {
                stage.step(left + " were not accepted: "
                        + load.getJsonObject("byStatus").encode());
            }
        }
        if (left > 0) {
            throw new RunFailed("of " + count + " messages " + left + " were not accepted");
        }
    }

    /** A job that POSTs such payloads to the receiver, signed. */
    public static LoadJob bare(Stage stage, int payloadBytes) {
        Plan plan = stage.plan();
        return new LoadJob(
                true,
                stage.receiverPort(),
                List.of("/ok"),
                Payload.template(payloadBytes),
                1,
                plan.connections(),
                plan.inFlight(),
                0,
                plan.windowMillis(),
                0,
                0);
    }

    private static String typeName() {
        return "bench." + RequestTemplate.TYPE;
    }

    private JsonObject endpoint(String type, String path) {
        return new JsonObject().put("url", stage.receiverUrl(path)).put("filterTypes", new JsonArray().add(type));
    }

    /** Posts the body for each of the types from that one on to each path. */
    private void post(List<String> paths, int upTo, int from, JsonObject body) throws IOException {
        long count = (long) upTo * paths.size() - from;
        int connections = (int) Math.min(CREATING, count);
        List<String> heads = paths.stream().map(service::head).toList();
        LoadJob job = new LoadJob(
                false,
                service.port(),
                heads,
                body.encode(),
                upTo,
                connections,
                connections,
                0,
                CREATION.toMillis(),
                count,
                from);
        requireAll(stage.send(job), count, paths.get(0));
    }

    private static void requireAll(JsonObject load, long count, String what) {
        if (Stage.accepted(load) != count) {
            throw new RunFailed("of " + count + " requests to " + what + " some were not accepted: "
                    + load.getJsonObject("byStatus").encode());
        }
    }
}
