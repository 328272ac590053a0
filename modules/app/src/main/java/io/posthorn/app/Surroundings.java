package io.posthorn.app;

import java.io.PrintWriter;
import java.util.Map;

/**
 * What a command gets from outside.
 *
 * @param environment the environment variables
 * @param properties the system properties
 * @param out where results go
 * @param err where complaints go
 */
public record Surroundings(
        Map<String, String> environment, Map<String, String> properties, PrintWriter out, PrintWriter err) {
    public Surroundings {
        environment = Map.copyOf(environment);
        properties = Map.copyOf(properties);
    }
}
