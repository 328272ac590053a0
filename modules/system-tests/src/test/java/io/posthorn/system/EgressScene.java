package io.posthorn.system;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ScriptedNameServer;
import io.posthorn.testkit.ScriptedNameServer.Script;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A program for a network where every address on earth is this machine: one receiver listens on all of them, the packaged jar runs
 * with nothing opened and with a name server that lies, and everything is sent that could lead it to a private one. Prints one line
 * {@code RESULT {...}}: by address what was connected to, and by URL what the API or the attempts say.
 */
final class EgressScene {
    private static final int PORT = 8081;
    private static final Duration PATIENCE = Duration.ofSeconds(80);

    /** One of each range that must never be dialled, and what looks like them. */
    private static final List<String> DENIED = List.of(
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.1.2.3",
            "168.63.129.16",
            "169.254.169.254",
            "169.254.170.2",
            "172.16.0.1",
            "172.31.255.254",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:7f00:1",
            "::ffff:a9fe:a9fe",
            "::ffff:0:7f00:1",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2600::5efe:7f00:1");

    private static final List<String> TEXTS = List.of(
            "http://2130706433:%d/",
            "http://0x7f.1:%d/",
            "http://0177.0.0.1:%d/",
            "http://127.1:%d/",
            "http://0:%d/",
            "http://127.0.0.1.:%d/",
            "http://localhost:%d/",
            "http://a.localhost:%d/",
            "http://metadata.google.internal:%d/",
            "http://8.8.8.8@127.0.0.1:%d/",
            "http://127.0.0.1:%d\\\\@8.8.8.8/",
            "http://[::ffff:127.0.0.1]:%d/",
            "http://[fe80::1%%25lo]:%d/",
            "http://\\u2460\\u2461\\u2466.0.0.1:%d/",
            "http://127\\u30020\\u30020\\u30021:%d/");

    private final ConcurrentMap<String, AtomicInteger> connected = new ConcurrentHashMap<>();
    private final Map<String, Script[]> names = new LinkedHashMap<>();
    private final Map<String, String> said = new LinkedHashMap<>();
    private final Vertx vertx = Vertx.vertx();

    private PosthornProcess posthorn;
    private String app;

    private EgressScene() {}

    public static void main(String[] arguments) throws Exception {
        EgressScene scene = new EgressScene();
        JsonObject result = scene.play(Path.of(arguments[0]));
        System.out.println("RESULT " + result.encode());
        System.exit(0);
    }

    private JsonObject play(Path data) throws Exception {
        Futures.resultOf(vertx.createHttpServer()
                .connectionHandler(connection -> connected
                        .computeIfAbsent(connection.localAddress().hostAddress(), first -> new AtomicInteger())
                        .incrementAndGet())
                .requestHandler(EgressScene::answer)
                .listen(PORT, "::"));
        ScriptedNameServer server = Futures.resultOf(ScriptedNameServer.start(vertx));
        tellNames();
        names.forEach(server::name);
        posthorn = PosthornProcess.start(
                data,
                Map.of(
                        "WEBHOOK_EGRESS_ALLOW", "",
                        "WEBHOOK_EGRESS_DNS_SERVER", server.address(),
                        "WEBHOOK_HTTP_HOST", "127.0.0.1",
                        "WEBHOOK_RETRY_SCHEDULE", "8,8,8,8,8,8,8,8"));
        try {
            Map<String, String> endpoints = endpoints(urls());
            String message = send();
            // A question that got lost among hundreds is asked again.
            attempts(message, endpoints, EgressScene::isFound)
                    .forEach((url, made) -> said.put(url, texts(made.subList(0, 1))));

            // Of those whose answers change or fail each first answer counts, so nothing else is asked meanwhile; what
            // is repeated, when its first answer is forgotten.
            tellChanging(server);
            Map<String, String> changing = endpoints(
                    List.of(url("between.example.com"), url("rebinds.example.com"), url("fails.example.com")));
            String other = send();
            String rebinding = url("rebinds.example.com");
            attempts(other, changing, made -> !made.isEmpty())
                    .forEach((url, made) -> said.put(url, texts(made.subList(0, 1))));
            attempts(other, Map.of(rebinding, changing.get(rebinding)), EgressScene::isRebound)
                    .forEach((url, made) -> said.put(url, texts(made)));
        } finally {
            posthorn.close();
        }
        return new JsonObject()
                .put("connected", new JsonObject(new TreeMap<String, Object>(plain(connected))))
                .put("said", new JsonObject(new HashMap<>(said)));
    }

    private static boolean isFound(List<JsonObject> newestFirst) {
        return !newestFirst.isEmpty()
                && !newestFirst.get(0).getString("response").equals("name look-up failed");
    }

    private static boolean isRebound(List<JsonObject> newestFirst) {
        return isFound(newestFirst)
                && newestFirst.get(0).getInteger("responseStatusCode") == 0
                && newestFirst.stream().anyMatch(attempt -> attempt.getInteger("responseStatusCode") == 500);
    }

    private void tellNames() {
        for (int i = 0; i < DENIED.size(); i++) {
            name("private" + i + ".example.com", new Script.Addresses(List.of(DENIED.get(i))));
            name("mixed" + i + ".example.com", new Script.Addresses(List.of("8.8.4.4", "2606:4700::2", DENIED.get(i))));
            name("alias" + i + ".example.com", new Script.Alias("private" + i + ".example.com"));
        }
        name("public.example.com", new Script.Addresses(List.of("8.8.8.8")));
        name("public6.example.com", new Script.Addresses(List.of("2606:4700::1111")));
    }

    private static void tellChanging(ScriptedNameServer server) {
        server.name(
                "between.example.com",
                new Script.Addresses(List.of("9.9.9.9")),
                new Script.Addresses(List.of("127.0.0.1")));
        server.name(
                "rebinds.example.com",
                new Script.Addresses(List.of("9.9.9.10")),
                new Script.Addresses(List.of("10.9.9.9")));
        server.name("fails.example.com", new Script.Failure());
    }

    private void name(String name, Script... times) {
        names.put(name, times);
    }

    /** The one that rebinds is to be tried again. */
    private static void answer(HttpServerRequest request) {
        boolean again = String.valueOf(request.getHeader("host")).startsWith("rebinds");
        request.response().setStatusCode(again ? 500 : 200).end();
    }

    private List<String> urls() {
        List<String> urls = new ArrayList<>();
        names.keySet().forEach(name -> urls.add(url(name)));
        DENIED.forEach(address -> urls.add(url(address.indexOf(':') < 0 ? address : "[" + address + "]")));
        TEXTS.forEach(text -> urls.add(String.format(text, PORT)));
        urls.add(url("9.9.9.11"));
        urls.add(url("[2606:4700::1112]"));
        return urls;
    }

    /** Of a new application, by URL, for all that the API takes; what it refuses is said already. */
    private Map<String, String> endpoints(List<String> urls) throws Exception {
        app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        Map<String, String> made = new LinkedHashMap<>();
        for (String url : urls) {
            HttpResponse<String> answer =
                    posthorn.call("POST", "/app/" + app + "/endpoint", "{\"url\":\"" + url + "\"}");
            if (answer.statusCode() / 100 == 2) {
                made.put(url, new JsonObject(answer.body()).getString("id"));
            } else {
                said.put(url, answer.statusCode() + " " + answer.body());
            }
        }
        return made;
    }

    private String send() throws Exception {
        return posthorn.json("POST", "/app/" + app + "/msg", "{\"eventType\":\"a.b\",\"payload\":{}}")
                .getString("id");
    }

    private Map<String, List<JsonObject>> attempts(
            String message, Map<String, String> endpoints, Predicate<List<JsonObject>> enough) throws Exception {
        Map<String, List<JsonObject>> found = new LinkedHashMap<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!found.keySet().containsAll(endpoints.keySet()) && System.nanoTime() < end) {
            for (Map.Entry<String, String> endpoint : endpoints.entrySet()) {
                if (!found.containsKey(endpoint.getKey())) {
                    List<JsonObject> made = attempts(message, endpoint.getValue());
                    if (enough.test(made)) {
                        found.put(endpoint.getKey(), made);
                    }
                }
            }
        }
        return found;
    }

    private List<JsonObject> attempts(String message, String endpoint) throws Exception {
        JsonArray all = posthorn.json("GET", "/app/" + app + "/attempt/msg/" + message + "?endpoint_id=" + endpoint, "")
                .getJsonArray("data");
        return all.stream().map(JsonObject.class::cast).toList();
    }

    /** Oldest first. */
    private static String texts(List<JsonObject> attempts) {
        StringBuilder texts = new StringBuilder();
        for (int i = attempts.size() - 1; i >= 0; i--) {
            JsonObject attempt = attempts.get(i);
            texts.append(texts.isEmpty() ? "" : ", then ")
                    .append(attempt.getInteger("responseStatusCode"))
                    .append(' ')
                    .append(attempt.getString("response"));
        }
        return texts.toString();
    }

    private static Map<String, Object> plain(Map<String, AtomicInteger> counts) {
        Map<String, Object> plain = new HashMap<>();
        counts.forEach((address, count) -> plain.put(address, count.get()));
        return plain;
    }

    static String url(String host) {
        return "http://" + host + ":" + PORT + "/";
    }

    /** Addresses that may be dialled, as the operating system shows them. */
    static Set<String> mayBeDialled() {
        return Set.of(
                "8.8.8.8", "9.9.9.9", "9.9.9.10", "9.9.9.11", "2606:4700:0:0:0:0:0:1111", "2606:4700:0:0:0:0:0:1112");
    }
}
