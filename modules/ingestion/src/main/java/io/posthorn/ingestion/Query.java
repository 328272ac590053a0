package io.posthorn.ingestion;

import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Problem;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads query parameters and gathers what is wrong with them. Unknown parameters are passed over. */
final class Query {
    private static final int DEFAULT_LIMIT = 50;

    private final MultiMap parameters;
    private final List<Problem> problems = new ArrayList<>();

    Query(MultiMap parameters) {
        this.parameters = parameters;
    }

    @Nullable
    String text(String name) {
        String value = parameters.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    boolean flag(String name, boolean absent) {
        String value = text(name);
        if (value == null) {
            return absent;
        }
        if (value.equals("true") || value.equals("false")) {
            return value.equals("true");
        }
        problem("expected true or false", name);
        return absent;
    }

    @Nullable
    Integer integer(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            return Integer.valueOf(value);
        } catch (NumberFormatException e) {
            problem("expected a whole number", name);
            return null;
        }
    }

    @Nullable
    Instant time(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            // a client that did not encode the + of an offset sends a space
            return OffsetDateTime.parse(value.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            problem("expected a time as in RFC 3339", name);
            return null;
        }
    }

    /** The values of a list parameter: {@code a,b}, repeated, {@code name[]} or {@code name[1]}; null when absent. */
    @Nullable
    Set<String> texts(String name) {
        Set<String> values = new LinkedHashSet<>();
        for (Map.Entry<String, String> parameter : parameters) {
            String key = parameter.getKey();
            if (key.equals(name) || (key.startsWith(name + "[") && key.endsWith("]"))) {
                for (String value : parameter.getValue().split(",", -1)) {
                    if (!value.isBlank()) {
                        values.add(value.trim());
                    }
                }
            }
        }
        return values.isEmpty() ? null : values;
    }

    /**
     * Which part of a list is wanted.
     *
     * @param ascending the list's order, unless it can be chosen
     * @param orderable whether {@code order} is honoured
     * @param isPlace whether a text can be an iterator of this list
     */
    PageRequest page(boolean ascending, boolean orderable, Predicate<String> isPlace) {
        Integer limit = integer("limit");
        if (limit != null && (limit < 1 || limit > PageRequest.MAX_LIMIT)) {
            problem("expected a whole number from 1 to " + PageRequest.MAX_LIMIT, "limit");
            limit = null;
        }
        boolean order = orderable ? order(ascending) : ascending;
        String iterator = text("iterator");
        boolean backwards = iterator != null && iterator.startsWith("-");
        String from = iterator == null ? null : iterator.substring(backwards ? 1 : 0);
        if (from != null && !isPlace.test(from)) {
            problem("not an iterator of this list", "iterator");
            from = null;
        }
        return new PageRequest(limit == null ? DEFAULT_LIMIT : limit, from, backwards, order);
    }

    private boolean order(boolean ascending) {
        String order = text("order");
        if (order == null) {
            return ascending;
        }
        if (!order.equals("ascending") && !order.equals("descending")) {
            problem("expected ascending or descending", "order");
        }
        return order.equals("ascending");
    }

    /** Marks a parameter that breaks a rule. */
    void problem(String message, String name) {
        problems.add(Problem.value(message, "query", name));
    }

    /** Fails with all problems found so far, if any. */
    void end() {
        if (!problems.isEmpty()) {
            throw new InvalidRequest(problems);
        }
    }
}
