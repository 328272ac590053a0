package io.posthorn.ingestion;

import io.posthorn.contract.Message;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import org.jspecify.annotations.Nullable;

/** Writes a page of messages, item by item. */
final class MessagePageWriter {
    private final Buffer out = Buffer.buffer("{\"data\":[");
    private boolean empty = true;

    /** @param more further members of the item, as JSON text without braces, or null */
    void add(Message message, boolean withContent, @Nullable String more) {
        if (!empty) {
            out.appendString(",");
        }
        empty = false;
        MessageJson.append(out, message, withContent, more);
    }

    /** @param first and last: the places of the page's ends, or null where it is empty */
    Buffer end(@Nullable String first, @Nullable String last, boolean done) {
        String rest = Paging.end(new JsonArray(), first, last, done).encode();
        // the page's other members, after the empty list that stands for the items written before
        return out.appendString(rest.substring(rest.indexOf(']')));
    }
}
