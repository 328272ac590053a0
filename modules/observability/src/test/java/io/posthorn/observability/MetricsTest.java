package io.posthorn.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.posthorn.contract.Books;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics("1.0", "node-1");

    @Test
    void countsOfTheBooksAreShownByTheirNames() {
        // Given
        Books books = new Books(10, 4, 1, 2, 2, 1);

        // When
        metrics.bindBooks(() -> books);
        metrics.bindOldestWaiting("ready", () -> 1.5);
        metrics.bindWaiting("ready", () -> 2.0);
        metrics.bindTasks(() -> 3.0);
        metrics.bindAudit(() -> 1.0, () -> 4.0, () -> Double.NaN);
        metrics.eventLoopLag(1_000_000);

        // Then
        assertThat(metrics.scrape().lines())
                .contains(
                        "posthorn_deliveries_appended_total 10.0",
                        "posthorn_deliveries_succeeded_total 4.0",
                        "posthorn_deliveries_failed_total 1.0",
                        "posthorn_deliveries_cancelled_total 2.0",
                        "posthorn_deliveries_waiting 2.0",
                        "posthorn_deliveries_in_flight 1.0",
                        "posthorn_oldest_waiting_age_seconds{cause=\"ready\"} 1.5",
                        "posthorn_backlog_deliveries{cause=\"ready\"} 2.0",
                        "posthorn_tasks_running 3.0",
                        "posthorn_audit_running 1.0",
                        "posthorn_audit_differences 4.0",
                        "posthorn_audit_age_seconds NaN",
                        "posthorn_info{node=\"node-1\",version=\"1.0\"} 1",
                        "posthorn_event_loop_lag_seconds_count 1");
    }

    @Test
    void applicationsTakeThePlaceOfThoseOfBefore() {
        // Given
        metrics.showApplications(
                List.of(new Metrics.OfApplication("app_1", "ready", 7), new Metrics.OfApplication("app_2", "ready", 8)),
                List.of(new Metrics.OfApplication("app_1", "ready", 60)));

        // When
        metrics.showApplications(
                List.of(new Metrics.OfApplication("app_2", "ready", 9)),
                List.of(new Metrics.OfApplication("app_2", "ready", 61)));

        // Then
        assertThat(metrics.scrape().lines().filter(line -> line.startsWith("posthorn_application")))
                .containsExactlyInAnyOrder(
                        "posthorn_application_backlog_deliveries{application=\"app_2\",cause=\"ready\"} 9.0",
                        "posthorn_application_oldest_waiting_age_seconds{application=\"app_2\",cause=\"ready\"} 61.0");
    }

    @Test
    void namesPassTheLinterOfPrometheus() throws Exception {
        // Given
        Optional<Path> promtool = promtool();
        assumeTrue(promtool.isPresent(), "promtool is not installed; scripts/test brings it");
        metrics.bindBooks(() -> Books.EMPTY);
        metrics.bindOldestWaiting("ready", () -> 0.0);
        metrics.bindWaiting("ready", () -> 0.0);
        metrics.bindTasks(() -> 0.0);
        List<Metrics.OfApplication> some = List.of(new Metrics.OfApplication("app_1", "ready", 0));
        metrics.showApplications(some, some);
        metrics.bindAudit(() -> 0.0, () -> Double.NaN, () -> Double.NaN);
        metrics.eventLoopLag(1);

        // When
        Process linter = new ProcessBuilder(promtool.orElseThrow().toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        linter.getOutputStream().write(metrics.scrape().getBytes(StandardCharsets.UTF_8));
        linter.getOutputStream().close();
        String said = new String(linter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(linter.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        assertThat(linter.exitValue()).isZero();
    }

    private static Optional<Path> promtool() {
        Stream<Path> path = Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
                .map(Path::of);
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "posthorn", "tools");
        return Stream.concat(path, Stream.of(cache, cache.resolve("usr/bin")))
                .map(directory -> directory.resolve("promtool"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
