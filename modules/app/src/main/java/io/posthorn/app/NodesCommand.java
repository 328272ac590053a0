package io.posthorn.app;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists the nodes of a cluster. */
@Command(
        name = "nodes",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Asks a running node for the nodes of its cluster: what they do, how busy they are,",
            "when they were last heard of, and what is wrong with them."
        },
        footer = {"", "Exit codes: 0 listed and nothing is wrong, 1 something is, or they cannot be listed."})
final class NodesCommand implements Callable<Integer> {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Surroundings surroundings;

    @Option(
            names = "--url",
            paramLabel = "http://host:port",
            defaultValue = "http://127.0.0.1:8071",
            description = "The API of a running node. Default: ${DEFAULT-VALUE}.")
    private URI url = URI.create("http://127.0.0.1:8071");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            required = true,
            description = "A token of the organisation; posthorn token makes one.")
    private String token = "";

    @Option(names = "--json", description = "Print the answer as the API gives it.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    NodesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws StartRefused, InterruptedException {
        String problem = NodeCalls.problem(url);
        if (problem != null && spec != null) {
            throw new ParameterException(spec.commandLine(), "--url: " + problem);
        }
        Vertx vertx = Vertx.vertx();
        NodeTable table;
        try {
            table = Waiting.resultOf(
                    new NodeCalls(vertx, url, token)
                            .ask(HttpMethod.GET, "/api/v1/cluster", Buffer.buffer(), NodeTable::new),
                    "the list of nodes");
        } finally {
            boolean unused = Waiting.endOf(vertx.close(), CLOSE_TIMEOUT);
        }
        PrintWriter out = surroundings.out();
        List<String> lines = json ? List.of(table.text()) : table.lines();
        lines.forEach(out::println);
        out.flush();
        return table.isWell() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** The answer of the API as lines. */
    private static final class NodeTable {
        private static final String FORM = "%-42s %-21s %-10s %-10s %11s %5s %7s  %s";

        private final JsonObject answer;
        private final List<String> lines;

        NodeTable(JsonObject answer) {
            this.answer = answer;
            this.lines = Stream.concat(
                            Stream.of(FORM.formatted(
                                    "node", "address", "version", "status", "in flight", "cpu", "heard", "roles")),
                            answer.getJsonArray("nodes").stream()
                                    .map(JsonObject.class::cast)
                                    .map(NodeTable::line))
                    .toList();
        }

        private static String line(JsonObject node) {
            Double load = node.getDouble("processorLoad");
            return FORM.formatted(
                    node.getString("node"),
                    orDash(node.getString("address")),
                    node.getString("version"),
                    orDash(node.getString("status")),
                    node.getInteger("inFlight") + "/" + node.getInteger("maxInFlight"),
                    load == null ? "-" : Math.round(load * 100) + "%",
                    "%.1fs".formatted(node.getDouble("heardSecondsAgo")),
                    String.join(
                            ",",
                            node.getJsonArray("roles").stream()
                                    .map(String::valueOf)
                                    .toList()));
        }

        private static String orDash(@Nullable String text) {
            return text == null ? "-" : text;
        }

        String text() {
            return answer.encodePrettily();
        }

        boolean isWell() {
            return problems().isEmpty();
        }

        List<String> lines() {
            return Stream.concat(lines.stream(), problems().stream()).toList();
        }

        private List<String> problems() {
            List<JsonObject> named = answer.getJsonArray("problems").stream()
                    .map(JsonObject.class::cast)
                    .toList();
            // The node that answers names the others only.
            Stream<String> ofNodes = answer.getJsonArray("nodes").stream()
                    .map(JsonObject.class::cast)
                    .filter(node -> node.getString("trouble") != null)
                    .filter(node -> named.stream()
                            .noneMatch(problem -> problem.getString("name").equals(node.getString("node"))))
                    .map(node -> node.getString("status") + ": " + node.getString("node") + ": "
                            + node.getString("trouble"));
            return Stream.concat(
                            named.stream()
                                    .map(problem -> problem.getString("status") + ": " + problem.getString("detail")),
                            ofNodes)
                    .toList();
        }
    }
}
