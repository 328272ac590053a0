package io.posthorn.app;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says of one delivery what it waits for and what happens next, or why it ended. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Asks a running node what a delivery waits for and what happens next, or why it ended.",
        footer = {"", "Exit codes: 0 explained, 1 not, 2 wrong command line."})
final class ExplainCommand implements Callable<Integer> {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Surroundings surroundings;

    @Parameters(index = "0", paramLabel = "APP", description = "The application, by id or uid.")
    private String application = "";

    @Parameters(index = "1", paramLabel = "MSG", description = "The message, by id or eventId.")
    private String message = "";

    @Parameters(index = "2", paramLabel = "ENDPOINT", description = "The endpoint, by id or uid.")
    private String endpoint = "";

    @Option(
            names = "--url",
            paramLabel = "http://host:port",
            required = true,
            description = "The API of a running node.")
    private @Nullable URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            required = true,
            description = "A token of the organisation or of the application; posthorn token makes one.")
    private String token = "";

    @Option(names = "--json", description = "Print the answer as the API gives it.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    ExplainCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws StartRefused, InterruptedException {
        String problem = url == null ? "none (expected: http://host:port)" : NodeCalls.problem(url);
        if (url == null || problem != null) {
            throw usage("--url: " + problem);
        }
        String path = "/api/v1/app/" + segment("APP", application) + "/msg/" + segment("MSG", message) + "/endpoint/"
                + segment("ENDPOINT", endpoint) + "/explain";
        Vertx vertx = Vertx.vertx();
        List<String> lines;
        try {
            lines = Waiting.resultOf(
                    new NodeCalls(vertx, url, token).ask(HttpMethod.GET, path, Buffer.buffer(), this::lines),
                    "the explanation");
        } finally {
            boolean unused = Waiting.endOf(vertx.close(), CLOSE_TIMEOUT);
        }
        PrintWriter out = surroundings.out();
        lines.forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }

    private List<String> lines(JsonObject answer) {
        return json ? List.of(answer.encodePrettily()) : ExplanationText.lines(answer);
    }

    /** A part of a path; a dot alone would lead elsewhere. */
    private String segment(String name, String value) {
        if (value.isBlank() || value.equals(".") || value.equals("..")) {
            throw usage(name + ": '" + value + "' (expected: an id, or the name that was given to it)");
        }
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private RuntimeException usage(String problem) {
        return spec == null ? new IllegalStateException(problem) : new ParameterException(spec.commandLine(), problem);
    }
}
