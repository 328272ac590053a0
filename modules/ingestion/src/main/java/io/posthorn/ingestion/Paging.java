package io.posthorn.ingestion;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes pages: {@code data}, {@code iterator} (always there), {@code prevIterator}, {@code done}. */
final class Paging {
    private Paging() {}

    static <T> Reply reply(List<T> items, boolean done, Function<T, String> place, Function<T, JsonObject> writer) {
        JsonArray data = new JsonArray();
        items.forEach(item -> data.add(writer.apply(item)));
        String first = items.isEmpty() ? null : place.apply(items.get(0));
        String last = items.isEmpty() ? null : place.apply(items.get(items.size() - 1));
        return Reply.of(200, end(data, first, last, done));
    }

    /** A page of things that were made of other things, whose first and last place it continues from. */
    static JsonObject end(JsonArray data, @Nullable String first, @Nullable String last, boolean done) {
        JsonObject page = new JsonObject().put("data", data).put("iterator", last);
        if (first != null) {
            page.put("prevIterator", "-" + first);
        }
        return page.put("done", done);
    }
}
