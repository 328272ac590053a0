package io.posthorn.dispatch;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver says of its own limits: {@code RateLimit} of draft-ietf-httpapi-ratelimit-headers (as {@code "name";r=0;t=30}, and
 * as {@code limit=10, remaining=0, reset=30} of earlier versions), else {@code RateLimit-Remaining} and
 * {@code RateLimit-Reset}, else the same with {@code X-} before them. What cannot be read says nothing.
 */
final class ReceiverQuota {
    private static final int MAX_CHARACTERS = 1024;
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"");
    private static final Pattern PARAMETER = Pattern.compile("(?:^|[;,\\s])([a-z]++)\\s*+=\\s*+(\\d{1,10})(?!\\d)");
    private static final Pattern NUMBER = Pattern.compile("\\s*+(\\d{1,13})\\s*+");

    /** Numbers from here on are times of day and not pauses: seconds, and milliseconds. */
    private static final long LEAST_SECOND = 1_000_000_000L;

    private static final long LEAST_MILLI = 1_000_000_000_000L;

    private ReceiverQuota() {}

    /** How long nothing is left; null when something is, or nobody says. */
    static @Nullable Duration usedUpFor(MultiMap headers, Instant now) {
        String field = headers.get("ratelimit");
        if (field != null) {
            return field.length() > MAX_CHARACTERS ? null : ofField(field);
        }
        Duration draft = ofPair(headers.get("ratelimit-remaining"), headers.get("ratelimit-reset"), now);
        return draft != null
                ? draft
                : ofPair(headers.get("x-ratelimit-remaining"), headers.get("x-ratelimit-reset"), now);
    }

    /** The longest of the limits that are used up. */
    private static @Nullable Duration ofField(String field) {
        String bare = QUOTED.matcher(field).replaceAll("_");
        if (bare.contains("remaining")) {
            return pause(number(bare, "remaining"), number(bare, "reset"));
        }
        Duration longest = null;
        for (String item : bare.split(",")) {
            Duration pause = pause(number(item, "r"), number(item, "t"));
            if (pause != null && (longest == null || pause.compareTo(longest) > 0)) {
                longest = pause;
            }
        }
        return longest;
    }

    private static long number(String text, String name) {
        Matcher matcher = PARAMETER.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return Long.parseLong(matcher.group(2));
            }
        }
        return -1;
    }

    private static @Nullable Duration ofPair(@Nullable String remaining, @Nullable String reset, Instant now) {
        if (remaining == null || reset == null) {
            return null;
        }
        long at = number(reset);
        if (at < LEAST_SECOND) {
            return pause(number(remaining), at);
        }
        Instant until = at < LEAST_MILLI ? Instant.ofEpochSecond(at) : Instant.ofEpochMilli(at);
        return number(remaining) == 0 && until.isAfter(now) ? Duration.between(now, until) : null;
    }

    private static long number(String text) {
        Matcher matcher = NUMBER.matcher(text);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private static @Nullable Duration pause(long remaining, long seconds) {
        return remaining == 0 && seconds > 0 ? Duration.ofSeconds(seconds) : null;
    }
}
