package io.posthorn.config;

import java.util.List;

/** Settings that cannot be used. Its message names every problem, one a line, for the operator. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Held as an array, since a list need not be serializable. */
    private final SettingProblem[] problems;

    ConfigException(List<SettingProblem> problems) {
        super(text(problems), null, false, false);
        this.problems = problems.toArray(SettingProblem[]::new);
    }

    /** What is wrong, at least one. */
    public List<SettingProblem> problems() {
        return List.of(problems);
    }

    private static String text(List<SettingProblem> problems) {
        StringBuilder text = new StringBuilder("the settings have ")
                .append(problems.size() == 1 ? "a problem:" : problems.size() + " problems:");
        problems.forEach(problem -> text.append("\n  - ").append(problem.text()));
        return text.toString();
    }
}
