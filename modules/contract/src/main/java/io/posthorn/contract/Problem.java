package io.posthorn.contract;

import java.util.List;

/**
 * One thing wrong with an input.
 *
 * @param place where: {@code body}, {@code query}, {@code path} or {@code header} first, then fields; an index is
 *     {@code [0]}
 * @param message what was expected, safe to show to the caller
 * @param type {@code value_error}, or {@code value_error.jsondecode} where it could not be read at all,
 *     or {@code value_error.jsonschema} where a payload differs from its event type's schema
 */
public record Problem(List<String> place, String message, String type) {
    public Problem {
        place = Copies.list(place);
    }

    /** A value that breaks a rule. */
    public static Problem value(String message, String... place) {
        return new Problem(List.of(place), message, "value_error");
    }

    /** Something that could not be read: not JSON, of a wrong type, or missing. */
    public static Problem unreadable(String message, String... place) {
        return new Problem(List.of(place), message, "value_error.jsondecode");
    }
}
