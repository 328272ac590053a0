package io.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Books;
import io.posthorn.ingestion.AuditJson;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
    private static final Books BOOKS = new Books(10, 4, 1, 2, 2, 1);
    private static final AuditReport.Progress RUNNING = new AuditReport.Progress(true, 7, "", List.of());

    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Vertx vertx = Vertx.vertx();
    private final Queue<AuditReport.Progress> answers = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private String url = "";

    @BeforeEach
    void startNode() throws Exception {
        HttpServer node = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    requests.add(request.method() + " " + request.path() + " " + body);
                    boolean known = "Bearer t".equals(request.getHeader("authorization"));
                    request.response()
                            .setStatusCode(known ? 200 : 401)
                            .end(
                                    known
                                            ? AuditJson.write(answers.remove()).encode()
                                            : "{\"code\":\"authentication_failed\"}");
                }));
        int port = node.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        url = "http://127.0.0.1:" + port;
    }

    @AfterEach
    void stop() throws Exception {
        Object unused = vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(unused).isNull();
    }

    @Test
    void followsTheRecountOfARunningNodeToItsEnd() {
        // Given
        answers.addAll(List.of(RUNNING, RUNNING, ended(report(BOOKS))));

        // When
        int code = run("verify", "--url", url, "--token", "t");

        // Then
        assertThat(code).isZero();
        assertThat(requests)
                .containsExactly("POST /api/v1/audit {\"repair\":false}", "GET /api/v1/audit ", "GET /api/v1/audit ");
        assertThat(out.toString()).contains("counted", "recounted", "everything agrees");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void differencesEndItWith1AndAreNamed() {
        // Given
        AuditReport report = report(
                new Books(10, 4, 1, 2, 3, 0),
                difference(false),
                new AuditReport.Difference(AuditReport.Kind.LOST_INDEX_ENTRY, "due ep_2 msg_3", "missing", true));
        answers.add(ended(report));

        // When
        int code = run("verify", "--url", url, "--token", "t");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "wrong counter: ledger ep_1: counted 2, recorded 3",
                        "lost index entry: due ep_2 msg_3: missing (mended)",
                        "2 differences, 1 of them mended");
        assertThat(out.toString().lines().filter(line -> line.contains("<- differs")))
                .hasSize(2);
    }

    @Test
    void whatWasMendedCountsAsRight() {
        // Given
        answers.add(ended(report(BOOKS, difference(true))));

        // When
        int code = run("verify", "--repair", "--json", "--url", url, "--token", "t");

        // Then
        assertThat(code).isZero();
        assertThat(requests).containsExactly("POST /api/v1/audit {\"repair\":true}");
        assertThat(new JsonObject(out.toString()).getInteger("differenceCount")).isEqualTo(1);
    }

    @Test
    void aRecountThatFailedEndsItWith1InOneLine() {
        // Given
        answers.addAll(List.of(RUNNING, new AuditReport.Progress(false, 9, "the disk is full", List.of())));

        // When
        int code = run("verify", "--url", url, "--token", "t");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("posthorn: the recount failed: the disk is full");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aNodeThatRefusesOrIsNotThereEndsItWith1() {
        // When
        int refused = run("verify", "--url", url, "--token", "wrong");
        int absent = run("verify", "--url", "http://127.0.0.1:1", "--token", "t");

        // Then
        assertThat(refused).isEqualTo(1);
        assertThat(absent).isEqualTo(1);
        assertThat(err.toString()).contains("answered 401: ", "cannot ask http://127.0.0.1:1: ");
    }

    @Test
    void wrongCommandLinesEndItWith2AndNameTheOption() {
        assertThat(run("verify", "--url", url)).isEqualTo(2);
        assertThat(run("verify", "--token", "t")).isEqualTo(2);
        assertThat(run("verify", "--url", "ftp://127.0.0.1", "--token", "t")).isEqualTo(2);
        assertThat(run("verify", "--url", "localhost:8071", "--token", "t")).isEqualTo(2);
        assertThat(run("verify", "--frobnicate")).isEqualTo(2);
        assertThat(err.toString()).contains("--token", "--url: ftp://127.0.0.1", "--url: localhost:8071");
    }

    @Test
    void aDataDirectoryThatIsNotThereIsNotMade() {
        // When
        int code = run("verify");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("there is no store at " + directory.resolve("data"));
        assertThat(Files.exists(directory.resolve("data"))).isFalse();
    }

    private static AuditReport.Progress ended(AuditReport report) {
        return new AuditReport.Progress(false, 20, "", List.of(report));
    }

    private static AuditReport.Difference difference(boolean mended) {
        return new AuditReport.Difference(
                AuditReport.Kind.WRONG_COUNTER, "ledger ep_1", "counted 2, recorded 3", mended);
    }

    private static AuditReport report(Books recorded, AuditReport.Difference... differences) {
        return new AuditReport(
                "disk",
                Instant.EPOCH,
                Duration.ofMillis(1_500),
                2,
                5,
                10,
                12,
                BOOKS,
                recorded,
                differences.length,
                Arrays.asList(differences));
    }

    private int run(String... arguments) {
        return Main.run(
                new Surroundings(
                        Map.of("WEBHOOK_DATA_DIR", directory.resolve("data").toString()),
                        Map.of(),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true)),
                arguments);
    }
}
