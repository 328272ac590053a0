package io.posthorn.validation;

/**
 * Which characters a text for people may hold. What could change how it or its surroundings are shown is refused, never
 * taken out: control characters (U+0000 to U+001F, U+007F to U+009F), the separators U+2028 and U+2029, the embeddings,
 * overrides and isolates of bidirectional text (U+202A to U+202E, U+2066 to U+2069), and surrogates that are no pair.
 */
final class PlainText {
    private static final int FIRST_AFTER_C0 = 0x20;
    private static final int DELETE = 0x7f;
    private static final int LAST_OF_C1 = 0x9f;
    private static final int LINE_SEPARATOR = 0x2028;
    private static final int LAST_OVERRIDE = 0x202e;
    private static final int FIRST_ISOLATE = 0x2066;
    private static final int LAST_ISOLATE = 0x2069;

    private PlainText() {}

    /**
     * The first character that may not be there, as {@code U+202E at character 7}; empty when there is none.
     *
     * @param lines whether tab, line feed and carriage return may be there
     */
    static String refused(String text, boolean lines) {
        int index = 0;
        while (index < text.length()) {
            int c = text.codePointAt(index);
            if (isRefused(c) && !(lines && isOfLines(c))) {
                return String.format("U+%04X at character %d", c, index + 1);
            }
            index += Character.charCount(c);
        }
        return "";
    }

    private static boolean isOfLines(int c) {
        return c == '\t' || c == '\n' || c == '\r';
    }

    private static boolean isRefused(int c) {
        return c < FIRST_AFTER_C0
                || c >= DELETE && c <= LAST_OF_C1
                || c >= LINE_SEPARATOR && c <= LAST_OVERRIDE
                || c >= FIRST_ISOLATE && c <= LAST_ISOLATE
                || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
