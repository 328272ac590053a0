package io.posthorn.app;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes what the API answers about a delivery as lines for people. */
final class ExplanationText {
    private ExplanationText() {}

    /** Throws where the answer is not one of this version. */
    static List<String> lines(JsonObject answer) {
        List<String> lines = new ArrayList<>();
        lines.add(
                answer.getString("msgId") + " to " + answer.getString("endpointId") + " at " + answer.getString("at"));
        add(lines, "state", answer.getString("state") + " since " + answer.getString("since"));
        JsonObject waitsFor = answer.getJsonObject("waitsFor");
        if (waitsFor != null) {
            add(lines, "waits for", waitsFor.getString("cause") + optional(" until ", waitsFor.getString("until")));
            add(lines, "due", answer.getString("dueAt"));
            add(lines, "position", position(answer.getJsonObject("position")));
        }
        JsonObject hold = answer.getJsonObject("inFlight");
        if (hold != null) {
            add(
                    lines,
                    "in flight",
                    "at node " + hold.getString("node") + optional(" since ", hold.getString("since"))
                            + ", leased until " + hold.getString("leaseUntil"));
        }
        JsonObject queue = answer.getJsonObject("queue");
        add(
                lines,
                "endpoint",
                queue.getLong("waiting") + " waiting, " + queue.getLong("inFlight") + " of "
                        + queue.getInteger("inFlightLimit") + " in flight; its queue: " + queue.getString("cause")
                        + optional(" until ", queue.getString("until")));
        add(lines, "retries", policy(answer.getJsonObject("retryPolicy")));
        add(lines, "attempts", String.valueOf(answer.getInteger("attemptCount").intValue()));
        JsonArray attempts = answer.getJsonArray("attempts");
        for (int i = 0; i < attempts.size(); i++) {
            JsonObject attempt = attempts.getJsonObject(i);
            int status = attempt.getInteger("responseStatusCode");
            lines.add("    " + attempt.getInteger("number") + "  " + attempt.getString("timestamp") + "  "
                    + (status == 0 ? "no response" : "status " + status) + "  "
                    + attempt.getLong("responseDurationMs") + " ms  " + attempt.getString("trigger"));
        }
        add(lines, "ended", answer.getString("whyEnded"));
        add(lines, "next", answer.getString("next"));
        return lines;
    }

    private static String position(JsonObject position) {
        String lane = position.getString("class").equals("retry") ? "among retries" : "among first attempts";
        int before = position.getInteger("before");
        if (before == 0) {
            return "head of the queue, " + lane;
        }
        return (position.getBoolean("more") ? "more than " : "") + before + " before it, " + lane;
    }

    private static String policy(JsonObject policy) {
        List<String> delays = new ArrayList<>();
        JsonArray seconds = policy.getJsonArray("delaySeconds");
        for (int i = 0; i < seconds.size(); i++) {
            double delay = seconds.getDouble(i);
            delays.add(delay == Math.rint(delay) ? String.valueOf((long) delay) : String.valueOf(delay));
        }
        String spread = String.format(Locale.ROOT, "%.0f %%", 100 * policy.getDouble("jitter"));
        String whose = policy.getBoolean("ofEndpoint") ? "the endpoint's own" : "of the node";
        return delays.isEmpty()
                ? "none (" + whose + ")"
                : "after " + String.join(", ", delays) + " s, spread by " + spread + " (" + whose + ")";
    }

    private static String optional(String before, @Nullable String value) {
        return value == null ? "" : before + value;
    }

    private static void add(List<String> lines, String name, @Nullable String value) {
        if (value != null) {
            lines.add(String.format(Locale.ROOT, "  %-10s %s", name, value));
        }
    }
}
