package io.posthorn.benchmarks.load;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What the generator is to do.
 *
 * @param bare whether to POST signed payloads with a Vert.x client, as a program without Posthorn would; else prepared
 *     requests over connections of its own
 * @param port of 127.0.0.1
 * @param heads of the requests, one chosen by the number of the request; for a bare loop the path alone
 * @param body a template, as in {@link RequestTemplate}
 * @param types the numbers of event types go from 0 to below that
 * @param connections over all event loops
 * @param inFlight over all event loops; what exceeds the connections waits for one
 * @param rate requests a second, sent whether or not earlier ones are answered; 0: the next when one is answered
 * @param millis how long requests are sent
 * @param count at most so many requests; 0: no bound
 * @param firstNumber the number of the first request; the others follow
 */
public record LoadJob(
        boolean bare,
        int port,
        List<String> heads,
        String body,
        int types,
        int connections,
        int inFlight,
        double rate,
        long millis,
        long count,
        long firstNumber) {
    public LoadJob {
        heads = List.copyOf(heads);
        if (connections < 1 || inFlight < connections) {
            throw new IllegalArgumentException(inFlight + " in flight over " + connections + " connections");
        }
    }

    /** The same for another time. */
    public LoadJob lasting(long millis) {
        return new LoadJob(bare, port, heads, body, types, connections, inFlight, rate, millis, count, firstNumber);
    }

    /** The same over so many connections, all of them in use. */
    public LoadJob over(int number) {
        return new LoadJob(bare, port, heads, body, types, number, number, rate, millis, count, firstNumber);
    }

    /** The same at another rate; 0: the next request when one is answered. */
    public LoadJob atRate(double rate) {
        return new LoadJob(bare, port, heads, body, types, connections, inFlight, rate, millis, count, firstNumber);
    }

    /** The same with at most so many requests. */
    public LoadJob limitedTo(long count) {
        return new LoadJob(bare, port, heads, body, types, connections, inFlight, rate, millis, count, firstNumber);
    }

    /** The same with its requests numbered from there. */
    public LoadJob numberedFrom(long firstNumber) {
        return new LoadJob(bare, port, heads, body, types, connections, inFlight, rate, millis, count, firstNumber);
    }

    /** As it goes over the line. */
    public JsonObject json() {
        return new JsonObject()
                .put("do", "load")
                .put("bare", bare)
                .put("port", port)
                .put("heads", new JsonArray(heads))
                .put("body", body)
                .put("types", types)
                .put("connections", connections)
                .put("inFlight", inFlight)
                .put("rate", rate)
                .put("millis", millis)
                .put("count", count)
                .put("firstNumber", firstNumber);
    }

    static LoadJob of(JsonObject json) {
        return new LoadJob(
                json.getBoolean("bare"),
                json.getInteger("port"),
                json.getJsonArray("heads").stream().map(String.class::cast).toList(),
                json.getString("body"),
                json.getInteger("types"),
                json.getInteger("connections"),
                json.getInteger("inFlight"),
                json.getDouble("rate"),
                json.getLong("millis"),
                json.getLong("count"),
                json.getLong("firstNumber"));
    }
}
