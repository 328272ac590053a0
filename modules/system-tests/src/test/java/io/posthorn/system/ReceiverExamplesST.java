package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of {@code docs/receivers.md}, as they stand there, take what a node sends and refuse what it does not. */
class ReceiverExamplesST {
    private static final Path DOCUMENT = Path.of("../../docs/receivers.md");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path data;

    @Test
    void javaProgramVerifies() throws Exception {
        Path program = Files.writeString(data.resolve("Receiver.java"), example("java"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        takesOnlyWhatIsGenuine(data, List.of(java, "-cp", System.getProperty("java.class.path"), program.toString()));
    }

    @Test
    void javaScriptProgramVerifies() throws Exception {
        Path packages = data.resolve("npm");
        NodeRefereesST.installAt(packages);
        Files.writeString(packages.resolve("receiver.mjs"), example("javascript"));

        takesOnlyWhatIsGenuine(packages, List.of("node", "receiver.mjs"));
    }

    private void takesOnlyWhatIsGenuine(Path directory, List<String> command) throws Exception {
        // Given
        int port = freePort();
        String url = "http://127.0.0.1:" + port + "/hook";
        Path output = data.resolve("output.txt");
        try (PosthornProcess posthorn = PosthornProcess.start(data.resolve("store"), Map.of())) {
            String app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
            JsonObject endpoint = posthorn.json("POST", "/app/" + app + "/endpoint", "{\"url\":\"" + url + "\"}");
            String id = endpoint.getString("id");
            String secret = posthorn.json("GET", "/app/" + app + "/endpoint/" + id + "/secret", "")
                    .getString("key");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(Map.of("WEBHOOK_SECRET", secret, "PORT", String.valueOf(port)));
            Process receiver = builder.start();
            try {
                await().atMost(PATIENCE).until(() -> isOpen(port) || !receiver.isAlive());

                // When
                String body = "{\"eventType\":\"t\",\"payload\":{\"text\":\"\\u00fc \\u20ac\"}}";
                String message =
                        posthorn.json("POST", "/app/" + app + "/msg", body).getString("id");
                await().atMost(PATIENCE)
                        .until(() -> Files.readString(output).contains("genuine " + message) || !receiver.isAlive());
                int forged = post(url);

                // Then
                assertThat(Files.readString(output)).contains("genuine " + message);
                assertThat(forged).isEqualTo(401);
                String explain = "/app/" + app + "/msg/" + message + "/endpoint/" + id + "/explain";
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        posthorn.json("GET", explain, "").getString("whyEnded"))
                                .isEqualTo("The receiver answered 204 to attempt 1."));
            } finally {
                receiver.destroyForcibly();
                assertThat(receiver.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            }
        }
    }

    /** The block of the document in that language. */
    private static String example(String language) throws IOException {
        String text = Files.readString(DOCUMENT);
        String fence = "```" + language + "\n";
        int begin = text.indexOf(fence);
        assertThat(begin).as(language).isNotNegative();
        return text.substring(begin + fence.length(), text.indexOf("```\n", begin + fence.length()));
    }

    private static int post(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(PATIENCE)
                .header("webhook-id", "msg_forged")
                .header("webhook-timestamp", String.valueOf(Instant.now().getEpochSecond()))
                .header("webhook-signature", "v1,Zm9yZ2Vk")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
