package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No address that is denied is ever connected to, though somebody listens on each of them: in a network namespace of its own, which
 * ends with its last process, every address is local. Needs a user who may make one ({@code unshare}, {@code ip}).
 */
class EgressST {
    private static final String BLOCKED = "target address is not allowed";

    /** In it, and nowhere else, packets to anywhere come back to the machine. */
    private static final String EVERYTHING_IS_HERE =
            "ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo";

    @TempDir
    Path data;

    @Test
    void listenersOnEveryDeniedRangeSeeNobody() throws Exception {
        // Given
        Ended trial = run("true");
        assumeTrue(
                trial.code() == 0,
                () -> "no network namespace can be made here: " + trial.output().strip());

        // When
        Ended ended = run(
                "exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dposthorn.jar=" + System.getProperty("posthorn.jar", "../app/target/posthorn.jar"),
                Topology.asked().argument(),
                "-cp",
                System.getProperty("java.class.path"),
                EgressScene.class.getName(),
                data.toString());
        assertThat(ended.code()).as(ended.output()).isZero();
        JsonObject result = ended.output()
                .lines()
                .filter(line -> line.startsWith("RESULT "))
                .map(line -> new JsonObject(line.substring(7)))
                .findFirst()
                .orElseThrow();

        // Then: those that may be dialled were, each of them, and no other
        assertThat(result.getJsonObject("connected").fieldNames()).isEqualTo(EgressScene.mayBeDialled());
        JsonObject said = result.getJsonObject("said");
        for (String open : List.of(
                "public.example.com", "public6.example.com", "between.example.com", "9.9.9.11", "[2606:4700::1112]")) {
            assertThat(said.getString(EgressScene.url(open))).as(open).isEqualTo("200 ");
        }
        assertThat(said.getString(EgressScene.url("rebinds.example.com")))
                .contains("500 ")
                .endsWith("then 0 " + BLOCKED);
        assertThat(said.getString(EgressScene.url("fails.example.com"))).isEqualTo("0 name look-up failed");
        assertThat(said.stream()
                        .filter(EgressST::leadsNowhere)
                        .map(Map.Entry::getKey)
                        .toList())
                .as("what says neither that it is blocked nor that its URL is refused")
                .isEmpty();
        assertThat(said.size()).isGreaterThan(180);
    }

    private static boolean leadsNowhere(Map.Entry<String, Object> one) {
        String host = one.getKey();
        String text = String.valueOf(one.getValue());
        if (host.contains("alias")) {
            return !text.startsWith("0 " + BLOCKED) && !text.startsWith("0 name not found");
        }
        boolean open = text.startsWith("200 ") || host.contains("rebinds") || host.contains("fails");
        return !open && !text.startsWith("0 " + BLOCKED) && !text.startsWith("422 ");
    }

    private record Ended(int code, String output) {}

    /** Runs it where every address is local. */
    private static Ended run(String script, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("unshare", "--net", "--", "sh", "-c", EVERYTHING_IS_HERE + " && " + script));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException noSuchProgram) {
            return new Ended(127, String.valueOf(noSuchProgram.getMessage()));
        }
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(10, TimeUnit.SECONDS);
            assertThat(ended).as(output).isTrue();
            return new Ended(process.exitValue(), output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
