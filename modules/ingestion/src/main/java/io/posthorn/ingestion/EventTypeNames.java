package io.posthorn.ingestion;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EventType;
import io.posthorn.contract.Problem;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Holds the event types of endpoints against those of the organisation: a misspelt one would never be delivered. */
final class EventTypeNames {
    private final Catalogue catalogue;

    EventTypeNames(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * Completes with the endpoint when each event type that it names exists and is not archived; those that it had before
     * may stay whatever became of them. Fails with {@link InvalidRequest} that names the others.
     *
     * @param before the endpoint as it stands; null for a new one
     */
    Future<Endpoint> known(Exchange exchange, Endpoint wanted, @Nullable Endpoint before) {
        Set<String> names = wanted.eventTypes() == null ? Set.of() : wanted.eventTypes();
        Set<String> old = before == null || before.eventTypes() == null ? Set.of() : before.eventTypes();
        List<Future<Boolean>> answers = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            if (!old.contains(name)) {
                asked.add(name);
                answers.add(exists(exchange, name));
            }
        }
        return Future.all(answers).compose(all -> {
            List<Problem> problems = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                if (!answers.get(i).result()) {
                    problems.add(Problem.value("there is no event type " + asked.get(i), "body", "eventTypes"));
                }
            }
            return problems.isEmpty()
                    ? Future.succeededFuture(wanted)
                    : Future.failedFuture(new InvalidRequest(problems));
        });
    }

    private Future<Boolean> exists(Exchange exchange, String name) {
        return catalogue
                .eventType(exchange.requireCaller().organization(), name, exchange.deadline())
                .map((EventType found) -> !found.archived())
                .recover(failure ->
                        Catalogue.isNotFound(failure) ? Future.succeededFuture(false) : Future.failedFuture(failure));
    }
}
