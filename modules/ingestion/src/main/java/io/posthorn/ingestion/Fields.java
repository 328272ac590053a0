package io.posthorn.ingestion;

import io.posthorn.contract.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a JSON body and gathers what is wrong with them; {@link #end()} tells it all at once. */
final class Fields {
    private final JsonObject json;
    private final List<Problem> problems = new ArrayList<>();

    Fields(JsonObject json) {
        this.json = json;
    }

    /** Whether the field is there, be it null. */
    boolean has(String... names) {
        for (String name : names) {
            if (json.containsKey(name)) {
                return true;
            }
        }
        return false;
    }

    /** The first of these names that has a value, else the first that is there, else the first: for aliases. */
    String named(String... names) {
        for (String name : names) {
            if (json.getValue(name) != null) {
                return name;
            }
        }
        for (String name : names) {
            if (json.containsKey(name)) {
                return name;
            }
        }
        return names[0];
    }

    @Nullable
    String text(String name) {
        Object value = json.getValue(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        problem(name, "expected a string");
        return null;
    }

    String requiredText(String name) {
        String value = text(name);
        if (value == null) {
            if (json.getValue(name) == null) {
                problem(name, "missing field");
            }
            return "";
        }
        return value;
    }

    /** The text, or what it is when the field is absent; null is a problem. */
    String textOr(String name, String absent) {
        return has(name) ? requiredText(name) : absent;
    }

    @Nullable
    Instant time(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            problem(name, "expected a time as in RFC 3339");
            return null;
        }
    }

    /** The time; that of 1970 where it is missing, which is a problem. */
    Instant requiredTime(String name) {
        Instant value = time(name);
        if (value == null) {
            if (json.getValue(name) == null) {
                problem(name, "missing field");
            }
            return Instant.EPOCH;
        }
        return value;
    }

    @Nullable
    Integer integer(String name, int min, int max) {
        Object value = json.getValue(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Integer) && !(value instanceof Long)) {
            problem(name, "expected a whole number");
            return null;
        }
        long number = ((Number) value).longValue();
        if (number < min || number > max) {
            problems.add(Problem.value("expected a whole number from " + min + " to " + max, "body", name));
            return null;
        }
        return (int) number;
    }

    /** A whole number from 1 on inside the object of that name; null where it is missing or not one, which is a problem. */
    @Nullable
    Integer requiredInteger(JsonObject object, String parent, String name, int max) {
        Object value = object.getValue(name);
        if (value instanceof Integer number && number >= 1 && number <= max) {
            return number;
        }
        problems.add(
                value == null
                        ? Problem.unreadable("missing field", "body", parent, name)
                        : Problem.value("expected a whole number from 1 to " + max, "body", parent, name));
        return null;
    }

    /** The number; the least one where it is missing or wrong, which is a problem. */
    int requiredInteger(String name, int min, int max) {
        Integer value = integer(name, min, max);
        if (value == null) {
            if (json.getValue(name) == null) {
                problem(name, "missing field");
            }
            return min;
        }
        return value;
    }

    /** A number that may have decimals. */
    @Nullable
    Double number(String name, double min, double max) {
        Object value = json.getValue(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Number number)) {
            problem(name, "expected a number");
            return null;
        }
        double read = number.doubleValue();
        if (!(read >= min && read <= max)) {
            invalid(name, "expected a number from " + min + " to " + max);
            return null;
        }
        return read;
    }

    boolean flagOr(String name, boolean absent) {
        if (!has(name)) {
            return absent;
        }
        if (json.getValue(name) instanceof Boolean value) {
            return value;
        }
        problem(name, "expected true or false");
        return absent;
    }

    @Nullable
    Set<String> texts(String name) {
        Object value = json.getValue(name);
        if (value == null) {
            return null;
        }
        Set<String> texts = new LinkedHashSet<>();
        if (!(value instanceof JsonArray array)) {
            problem(name, "expected a list of strings");
            return texts;
        }
        for (int i = 0; i < array.size(); i++) {
            if (array.getValue(i) instanceof String text) {
                texts.add(text);
            } else {
                problems.add(Problem.unreadable("expected a string", "body", name, "[" + i + "]"));
            }
        }
        return texts;
    }

    @Nullable
    List<Integer> numbers(String name, int maxItems, int min, int max) {
        Object value = json.getValue(name);
        if (value == null) {
            return null;
        }
        List<Integer> numbers = new ArrayList<>();
        if (!(value instanceof JsonArray array)) {
            problem(name, "expected a list of whole numbers");
            return numbers;
        }
        if (array.size() > maxItems) {
            problems.add(Problem.value("expected at most " + maxItems + " items", "body", name));
        }
        for (int i = 0; i < Math.min(array.size(), maxItems); i++) {
            if (array.getValue(i) instanceof Integer number && number >= min && number <= max) {
                numbers.add(number);
            } else {
                problems.add(Problem.value(
                        "expected a whole number from " + min + " to " + max, "body", name, "[" + i + "]"));
            }
        }
        return numbers;
    }

    /** A map of texts; null counts as empty. */
    Map<String, String> textMap(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        nullableTextMap(name).forEach((key, value) -> {
            if (value == null) {
                problems.add(Problem.unreadable("expected a string", "body", name, key));
            } else {
                map.put(key, value);
            }
        });
        return map;
    }

    /** A map of texts where null is a value too. */
    Map<String, @Nullable String> nullableTextMap(String name) {
        Map<String, @Nullable String> map = new LinkedHashMap<>();
        Object value = json.getValue(name);
        if (value == null) {
            return map;
        }
        if (!(value instanceof JsonObject object)) {
            problem(name, "expected an object of strings");
            return map;
        }
        for (String key : object.fieldNames()) {
            Object item = object.getValue(key);
            if (item == null || item instanceof String) {
                map.put(key, (String) item);
            } else {
                problems.add(Problem.unreadable("expected a string", "body", name, key));
            }
        }
        return map;
    }

    @Nullable
    JsonObject object(String name) {
        Object value = json.getValue(name);
        if (value == null || value instanceof JsonObject) {
            return (JsonObject) value;
        }
        problem(name, "expected an object");
        return null;
    }

    /** Takes over what is wrong with the fields of the object that is the value of a field. */
    void takeOver(String name, Fields inner) {
        inner.problems.forEach(problem -> {
            List<String> place = new ArrayList<>(problem.place());
            place.add(1, name);
            problems.add(new Problem(place, problem.message(), problem.type()));
        });
    }

    /** Marks a field that cannot be read or is missing. */
    void problem(String name, String message) {
        problems.add(Problem.unreadable(message, "body", name));
    }

    /** Marks a value that breaks a rule. */
    void invalid(String name, String message) {
        problems.add(Problem.value(message, "body", name));
    }

    /** Fails with all problems found so far, if any. */
    void end() {
        if (!problems.isEmpty()) {
            throw new InvalidRequest(problems);
        }
    }
}
