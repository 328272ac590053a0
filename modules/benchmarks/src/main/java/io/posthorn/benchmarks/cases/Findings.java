package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Rounds;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.StageCost;
import io.posthorn.benchmarks.run.Window;
import io.posthorn.testkit.process.Books;
import io.posthorn.testkit.process.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Gathers what a case found, and checks that the program under test lost nothing meanwhile. */
final class Findings {
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private final List<Figure> figures = new ArrayList<>();
    private final List<StageCost> stages = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean disturbed;

    void add(Figure figure) {
        figures.add(figure);
    }

    void addAll(List<Figure> more) {
        figures.addAll(more);
    }

    void addStages(List<StageCost> more) {
        stages.addAll(more);
    }

    void note(String note) {
        if (!notes.contains(note)) {
            notes.add(note);
        }
    }

    /** Says what is to be said about rounds: those dropped, requests refused, others on the machine. */
    void judge(Rounds<Window> rounds, Stage.Expected expected) {
        rounds.note().ifPresent(this::note);
        for (Rounds.Round<Window> round : rounds.kept()) {
            disturbed |= round.before().disturbed() || round.after().disturbed();
            judge(round.measured(), expected);
        }
    }

    /** Says the same about one measurement. */
    void judge(Window window, Stage.Expected expected) {
        disturbed |= window.disturbed();
        if (!window.refused().isEmpty()) {
            note("requests were refused, by status: " + window.refused().encode());
        }
        if (window.unsent() > 0) {
            note(window.unsent() + " requests were due and could not be sent");
        }
        long repeated = window.delivered() - expected.of(window.accepted());
        if (repeated > 0) {
            note(repeated + " deliveries came more often than expected");
        }
    }

    /** Everything that is not meant to wait must be settled. */
    void requireSettled(Service service, long mayWait) {
        Patience.require(SETTLED, "the books to show " + mayWait + " waiting deliveries", () -> {
            Books books = service.books();
            return books.balance() && books.inFlight() == 0 && books.waiting() == mayWait;
        });
    }

    Result result(String name, Stage stage) {
        return new Result(name, stage.plan().store(), stage.javaOptions(), figures, stages, notes, disturbed);
    }
}
