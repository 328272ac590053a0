package io.posthorn.config;

import io.posthorn.contract.Secret;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Turns the text of a setting into a value of its type. */
final class ValueParser {
    private ValueParser() {}

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException whose message says what is expected
     */
    static Object parse(String text, Type type, String unit) {
        if (type instanceof ParameterizedType list) {
            return parseList(text, list.getActualTypeArguments()[0], unit);
        }
        if (type instanceof Class<?> plain) {
            return plain.isEnum() ? parseEnum(text, plain) : parsePlain(text.strip(), plain, unit);
        }
        throw new IllegalStateException("no settings of type " + type);
    }

    private static List<?> parseList(String text, Type element, String unit) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(part -> parse(part, element, unit))
                .toList();
    }

    private static Object parseEnum(String text, Class<?> type) {
        List<?> constants = List.of(type.getEnumConstants());
        for (Object constant : constants) {
            if (constant.toString().equalsIgnoreCase(text.strip())) {
                return constant;
            }
        }
        throw new IllegalArgumentException(constants.stream()
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
    }

    private static Object parsePlain(String text, Class<?> type, String unit) {
        if (type == String.class) {
            return text;
        } else if (type == Secret.class) {
            return new Secret(text);
        } else if (type == RedisUrl.class) {
            return RedisUrl.parse(text);
        } else if (type == SourceHeader.class) {
            return SourceHeader.parse(text);
        } else if (type == ProxyUrl.class) {
            return ProxyUrl.parse(text);
        } else if (type == int.class || type == Integer.class) {
            return expecting("a whole number", () -> Integer.valueOf(text));
        } else if (type == long.class || type == Long.class) {
            return expecting("a whole number", () -> Long.valueOf(text));
        } else if (type == double.class || type == Double.class) {
            return expecting("a number", () -> Double.valueOf(text));
        } else if (type == boolean.class || type == Boolean.class) {
            return parseBoolean(text);
        } else if (type == Duration.class) {
            return expecting("a duration such as 500ms, 30s, 5m or 2h", () -> DurationText.parse(text, unit));
        } else if (type == Path.class) {
            return parsePath(text);
        }
        throw new IllegalStateException("no settings of type " + type);
    }

    private static Boolean parseBoolean(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new IllegalArgumentException("true or false");
        };
    }

    private static Path parsePath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("a path", e);
        }
    }

    private static Object expecting(String what, java.util.function.Supplier<Object> parser) {
        try {
            return parser.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what, e);
        }
    }
}
