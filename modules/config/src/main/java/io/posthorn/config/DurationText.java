package io.posthorn.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as an operator writes them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d}, or a bare number. */
final class DurationText {
    private static final Pattern FORM = Pattern.compile("(-?\\d{1,18})\\s*(ms|s|m|h|d)?");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @param bareUnit the unit of a number without one
     * @throws IllegalArgumentException if it is none, or does not fit
     */
    static Duration parse(String text, String bareUnit) {
        Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no duration");
        }
        String unit = matcher.group(2) == null ? bareUnit : matcher.group(2);
        try {
            return UNITS.getOrDefault(unit, Duration.ZERO).multipliedBy(Long.parseLong(matcher.group(1)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("out of range", e);
        }
    }

    /** Writes a duration in the largest unit, hours at most, that holds it exactly. */
    static String format(Duration value) {
        if (value.toMillisPart() != 0 || Math.abs(value.toSeconds()) > Long.MAX_VALUE / 1000) {
            return Math.abs(value.toSeconds()) > Long.MAX_VALUE / 1000 ? value.toString() : value.toMillis() + "ms";
        }
        long seconds = value.toSeconds();
        if (seconds != 0 && seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds != 0 && seconds % 60 == 0 && Math.abs(seconds) > 60 ? seconds / 60 + "m" : seconds + "s";
    }
}
