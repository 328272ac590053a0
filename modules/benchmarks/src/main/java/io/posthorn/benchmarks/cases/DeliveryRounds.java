package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Rounds;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Window;
import io.posthorn.testkit.process.Books;
import io.posthorn.testkit.process.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Warms up, measures rounds of delivery between bare ones, and makes figures of them. */
final class DeliveryRounds {
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private DeliveryRounds() {}

    static Rounds<Window> measure(Stage stage, Service service, LoadJob events, int each, int bytes) throws Exception {
        LoadJob bare = stage.bare(bytes);
        stage.step("warming up");
        Window warm = stage.measure(service, events.lasting(stage.plan().warmUpMillis()), each);
        Window bareWarm = stage.measureBare(bare.lasting(stage.plan().warmUpMillis() / 2));
        stage.step(String.format(
                Locale.ROOT,
                "warm: %.0f/s delivered, bare %.0f/s",
                warm.deliveredPerSecond(),
                bareWarm.deliveredPerSecond()));
        return Rounds.measure(
                stage.plan().rounds(),
                () -> {
                    Window window = stage.measureBare(bare);
                    stage.step(String.format(Locale.ROOT, "bare      %8.0f/s", window.deliveredPerSecond()));
                    return window.deliveredPerSecond();
                },
                () -> {
                    Window window = stage.measure(service, events, each);
                    stage.step(String.format(
                            Locale.ROOT,
                            "delivered %8.0f/s, accepted %.0f/s%s",
                            window.deliveredPerSecond(),
                            window.acceptedPerSecond(),
                            window.disturbed() ? ", disturbed by other processes" : ""));
                    return window;
                });
    }

    static List<Figure> figures(Rounds<Window> rounds, @Nullable Double goal) {
        Figure share = Figure.of(
                "share of bare",
                "",
                Better.HIGHER,
                rounds.values(round -> round.service().deliveredPerSecond() / round.bare()));
        List<Figure> figures = new ArrayList<>(List.of(
                goal == null ? share : share.goal(goal),
                Figure.of(
                        "delivered",
                        "/s",
                        Better.HIGHER,
                        rounds.values(round -> round.service().deliveredPerSecond())),
                Figure.of("bare", "/s", Better.NEITHER, rounds.values(Rounds.Round::bare)),
                Figure.of(
                        "accepted",
                        "/s",
                        Better.NEITHER,
                        rounds.values(round -> round.service().acceptedPerSecond())),
                Figure.of(
                        "cpu of service",
                        "us/delivery",
                        Better.LOWER,
                        rounds.values(round -> round.service().serviceMicrosPerDelivery())),
                Figure.of(
                        "cpu of generator and receiver",
                        "us/delivery",
                        Better.NEITHER,
                        rounds.values(round ->
                                round.service().loadMicros() / round.service().delivered()))));
        if (rounds.kept().stream().anyMatch(round -> round.service().redisMicros() > 0)) {
            figures.add(Figure.of(
                    "cpu of redis",
                    "us/delivery",
                    Better.LOWER,
                    rounds.values(round ->
                            round.service().redisMicros() / round.service().delivered())));
        }
        return figures;
    }

    static List<String> notes(Rounds<Window> rounds) {
        List<String> notes = new ArrayList<>();
        if (rounds.dropped() > 0) {
            notes.add(rounds.dropped() + " rounds whose two bare measurements differed by more than 5 % "
                    + (rounds.steady() ? "were repeated" : "were too many: all rounds count, and mean little"));
        }
        rounds.kept().stream()
                .map(round -> round.service().refused())
                .filter(refused -> !refused.isEmpty())
                .forEach(refused -> notes.add("requests were refused, by status: " + refused.encode()));
        return notes;
    }

    static boolean disturbed(Rounds<Window> rounds) {
        return rounds.kept().stream().anyMatch(round -> round.service().disturbed());
    }

    /** Everything that came must be settled too. */
    static void requireDrained(Service service) {
        Patience.require(SETTLED, "the books to be drained", () -> {
            Books books = service.books();
            return books.isDrained() && books.balance();
        });
    }
}
