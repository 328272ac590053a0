package io.posthorn.ingestion;

import io.posthorn.contract.Problem;
import java.util.List;

/** A request that breaks rules: all that is wrong with it. Answered 422. Made without a stack trace. */
final class InvalidRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidRequest(List<Problem> problems) {
        super("invalid request", null, false, false);
        this.problems = List.copyOf(problems);
    }

    InvalidRequest(Problem problem) {
        this(List.of(problem));
    }

    List<Problem> problems() {
        return problems;
    }
}
