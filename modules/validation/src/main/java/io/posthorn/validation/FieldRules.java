package io.posthorn.validation;

import io.posthorn.contract.Problem;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules that several fields share. Each adds what is wrong to the problems. */
final class FieldRules {
    static final String NAME = "expected 1 to 256 characters of a-z, A-Z, 0-9, '-', '_' and '.'";
    private static final int MAX_METADATA_BYTES = 4096;

    private FieldRules() {}

    /** Whether it has 1 to that many characters, all of {@code [a-zA-Z0-9_.-]}. */
    static boolean isName(String text, int maxChars) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= maxChars;
    }

    static void uid(@Nullable String uid, String idPrefix, String field, List<Problem> problems) {
        if (uid == null) {
            return;
        }
        if (!isName(uid, 256)) {
            problems.add(Problem.value(NAME, "body", field));
        } else if (uid.startsWith(idPrefix)) {
            problems.add(Problem.value("must not start with " + idPrefix, "body", field));
        }
    }

    /** At most that many characters, none of U+0000 to U+0008. */
    static void text(String text, int minChars, int maxChars, String field, List<Problem> problems) {
        if (text.length() < minChars || text.length() > maxChars) {
            problems.add(Problem.value("expected " + minChars + " to " + maxChars + " characters", "body", field));
        } else if (text.chars().anyMatch(c -> c <= 8)) {
            problems.add(Problem.value("must not hold control characters", "body", field));
        }
    }

    static void rate(@Nullable Integer rate, List<Problem> problems) {
        if (rate != null && (rate < 1 || rate > 65_535)) {
            problems.add(Problem.value("expected 1 to 65535", "body", "throttleRate"));
        }
    }

    static void metadata(Map<String, String> metadata, List<Problem> problems) {
        JsonObject json = new JsonObject();
        metadata.forEach(json::put);
        if (json.encode().getBytes(StandardCharsets.UTF_8).length > MAX_METADATA_BYTES) {
            problems.add(Problem.value("expected at most 4096 bytes of metadata", "body", "metadata"));
        }
    }
}
