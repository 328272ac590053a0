package io.posthorn.dispatch;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Retry-After} header (RFC 9110, section 10.2.3): a date or seconds; decimals are accepted too. */
final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,9})?");

    private RetryAfter() {}

    /** How long the receiver asks to wait, from zero to the longest; null when it does not say, or not understandably. */
    static @Nullable Duration read(@Nullable String header, Instant now, Duration longest) {
        if (header == null || header.length() > 64) {
            return null;
        }
        String text = header.strip();
        Duration asked;
        if (SECONDS.matcher(text).matches()) {
            asked = Duration.ofMillis(new BigDecimal(text)
                    .movePointRight(3)
                    .setScale(0, RoundingMode.CEILING)
                    .longValue());
        } else {
            try {
                asked = Duration.between(now, Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
            } catch (DateTimeException notADate) {
                return null;
            }
        }
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(longest) < 0 ? asked : longest;
    }
}
