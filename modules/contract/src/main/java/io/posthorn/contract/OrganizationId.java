package io.posthorn.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies an organisation, the owner of applications and event types: {@code org_} and up to 64 safe characters. */
public record OrganizationId(@JsonValue String value) {
    /** The prefix of every such identifier. */
    public static final String PREFIX = "org_";

    /** The organisation of a server that serves only one. */
    public static final OrganizationId DEFAULT = new OrganizationId("org_23rb8YdGqMT0qIzpgGwdXfHirMu");

    private static final int MAX_LENGTH = 68;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public OrganizationId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not an identifier org_...: " + value);
        }
    }

    /** Whether the text is such an identifier. */
    public static boolean isValid(String text) {
        return text.startsWith(PREFIX)
                && text.length() > PREFIX.length()
                && text.length() <= MAX_LENGTH
                && text.chars().skip(PREFIX.length()).allMatch(OrganizationId::isSafe);
    }

    private static boolean isSafe(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    @Override
    public String toString() {
        return value;
    }
}
