package io.posthorn.chaos.run;

import io.posthorn.testkit.process.Books;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares what was promised with what came. */
final class Judge {
    private static final int SHOWN = 5;

    private Judge() {}

    /** What was promised and has not come; what waited for a deleted endpoint was cancelled. */
    static Set<Pair> missing(Scene scene) {
        Set<String> deleted = scene.tenants().endpoints().stream()
                .filter(Endpoint::isDeleted)
                .map(Endpoint::id)
                .collect(Collectors.toSet());
        return scene.ledger().missing(scene.receipts(), deleted);
    }

    /** The books that the node shows must balance, be drained, and have lost nothing to the end of a policy. */
    static void books(Scene scene) throws InterruptedException {
        Optional<Books> books = scene.books();
        if (books.isEmpty()) {
            scene.broken("/metrics does not show the books");
            return;
        }
        scene.rule(books.get().balance(), "the books do not balance: " + books.get());
        scene.rule(books.get().isDrained(), "deliveries are left in limbo: " + books.get());
        scene.rule(books.get().failed() == 0, "deliveries were given up: " + books.get());
        scene.rule(
                books.get().succeeded() + books.get().cancelled()
                        >= scene.receipts().distinct(),
                scene.receipts().distinct() + " pairs came, but the books say " + books.get());
    }

    static Result result(Scene scene, List<Duration> recoveries) {
        Set<Pair> missing = missing(scene);
        if (!missing.isEmpty()) {
            scene.broken("lost " + missing.size() + ", such as "
                    + missing.stream().limit(SHOWN).toList());
        }
        Disturbances.Judgement repeats = scene.disturbances().judge(scene.receipts(), Scene.MAX_IN_FLIGHT);
        if (!repeats.unexcused().isEmpty()) {
            scene.broken(repeats.unexcused().size() + " were repeated that were not in flight, such as "
                    + repeats.unexcused().stream().limit(SHOWN).toList());
        }
        scene.rule(
                scene.receipts().repeats() <= repeats.allowed(),
                "repeated " + scene.receipts().repeats() + ", in flight were at most " + repeats.allowed());
        scene.rule(scene.ledger().accepted() > 0, "nothing was accepted: the run shows nothing");
        return new Result(
                scene.fault().name(),
                scene.engine(),
                scene.fault().mustHold(),
                scene.ledger().accepted(),
                scene.ledger().promised(),
                scene.receipts().distinct(),
                missing.size(),
                scene.receipts().repeats(),
                repeats.allowed(),
                scene.ledger().refused(),
                scene.ledger().unansweredCount(),
                recoveries,
                scene.brokenRules(),
                scene.remarks(),
                "");
    }
}
