package io.posthorn.chaos.run;

/** One message for one endpoint, by the ids that the API gave them. */
public record Pair(String message, String endpoint) {}
