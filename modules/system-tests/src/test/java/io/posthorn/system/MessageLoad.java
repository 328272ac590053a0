package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sends many messages from several threads. */
final class MessageLoad {
    private static final int SENDERS = 8;
    private static final String BODY = "{\"eventType\":\"invoice.paid\",\"payload\":{\"amount\":1250}}";

    private MessageLoad() {}

    /** Sends so many to an application; all must be accepted. Answers their ids. */
    static Set<String> send(PosthornProcess posthorn, String application, int count) throws Exception {
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try {
            List<Callable<List<String>>> parts = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                int share = count / SENDERS + (i < count % SENDERS ? 1 : 0);
                parts.add(() -> part(posthorn, application, share));
            }
            Set<String> ids = new HashSet<>();
            for (Future<List<String>> part : senders.invokeAll(parts)) {
                ids.addAll(part.get());
            }
            assertThat(ids).hasSize(count);
            return ids;
        } finally {
            senders.shutdownNow();
        }
    }

    private static List<String> part(PosthornProcess posthorn, String application, int count) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HttpResponse<String> answer = posthorn.call("POST", "/app/" + application + "/msg", BODY);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            ids.add(new JsonObject(answer.body()).getString("id"));
        }
        return ids;
    }
}
