package io.posthorn.validation;

import io.posthorn.contract.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules that fields of several inputs share; each adds what is wrong to a list. */
final class FieldRules {
    /** The longest name, uid, event type or eventId, in characters. */
    static final int MAX_NAME = 256;

    /** The longest channel, in characters. */
    static final int MAX_CHANNEL = 128;

    private static final int MAX_METADATA_BYTES = 4_096;
    private static final int MAX_METADATA = 100;
    private static final int MAX_METADATA_KEY = 256;

    private FieldRules() {}

    /** Letters, digits, dot, dash and underscore; 1 to max of them. */
    static boolean isSafeName(String text, int max) {
        if (text.isEmpty() || text.length() > max) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean safe = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_'
                    || c == '.';
            if (!safe) {
                return false;
            }
        }
        return true;
    }

    static void safeName(String text, int max, List<Problem> problems, String... place) {
        if (!isSafeName(text, max)) {
            problems.add(
                    Problem.value("1 to " + max + " characters of a-z, A-Z, 0-9, -, _ and . were expected", place));
        }
    }

    /** A caller's own name; it must not look like an id. */
    static void uid(@Nullable String uid, String idPrefix, List<Problem> problems, String... place) {
        if (uid == null) {
            return;
        }
        safeName(uid, MAX_NAME, problems, place);
        if (uid.startsWith(idPrefix)) {
            problems.add(Problem.value("must not start with " + idPrefix, place));
        }
    }

    /** A text of one line for people. */
    static void line(String text, int min, int max, List<Problem> problems, String... place) {
        length(text, min, max, problems, place);
        characters(text, false, problems, place);
    }

    /** A text for people, of as many lines as it has. */
    static void text(String text, int max, List<Problem> problems, String... place) {
        length(text, 0, max, problems, place);
        characters(text, true, problems, place);
    }

    static void metadata(Map<String, String> metadata, List<Problem> problems) {
        if (metadata.size() > MAX_METADATA) {
            problems.add(Problem.value(
                    "at most " + MAX_METADATA + " entries were expected, not " + metadata.size(), "body", "metadata"));
        }
        long bytes = 2;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            // Quotes, colon and comma around both.
            bytes += 6L + utf8Length(entry.getKey()) + utf8Length(entry.getValue());
        }
        if (bytes > MAX_METADATA_BYTES) {
            problems.add(Problem.value(
                    "at most " + MAX_METADATA_BYTES + " bytes of metadata were expected, not " + bytes,
                    "body",
                    "metadata"));
            return;
        }
        metadata.forEach((key, value) -> {
            line(key, 1, MAX_METADATA_KEY, problems, "body", "metadata", key);
            characters(value, true, problems, "body", "metadata", key);
        });
    }

    private static void length(String text, int min, int max, List<Problem> problems, String... place) {
        if (text.length() < min || text.length() > max) {
            problems.add(Problem.value(min + " to " + max + " characters were expected, not " + text.length(), place));
        }
    }

    private static void characters(String text, boolean lines, List<Problem> problems, String... place) {
        String refused = PlainText.refused(text, lines);
        if (!refused.isEmpty()) {
            problems.add(Problem.value(
                    "text without control characters, bidirectional overrides and lone surrogates was expected, not "
                            + refused,
                    place));
        }
    }

    static void rate(@Nullable Integer rate, List<Problem> problems) {
        if (rate != null && (rate < 1 || rate > 65_535)) {
            problems.add(Problem.value("1 to 65535 was expected", "body", "throttleRate"));
        }
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
