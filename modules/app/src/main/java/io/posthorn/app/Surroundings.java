package io.posthorn.app;

import java.io.PrintWriter;
import java.util.Map;

/**
 * What a command gets from outside.
 *
 * @param environment the environment variables
 * @param properties the system properties
 * @param out where results go
 * @param err where complaints and progress go
 * @param terminal whether a person watches, so that a line can be written over
 */
public record Surroundings(
        Map<String, String> environment,
        Map<String, String> properties,
        PrintWriter out,
        PrintWriter err,
        boolean terminal) {
    public Surroundings {
        environment = Map.copyOf(environment);
        properties = Map.copyOf(properties);
    }

    /** Without a terminal. */
    Surroundings(Map<String, String> environment, Map<String, String> properties, PrintWriter out, PrintWriter err) {
        this(environment, properties, out, err, false);
    }

    /** Where a command shows how far it has come. */
    ProgressLine progress() {
        return new ProgressLine(err, terminal, System::nanoTime);
    }
}
