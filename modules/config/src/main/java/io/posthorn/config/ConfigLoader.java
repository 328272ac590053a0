package io.posthorn.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads the settings of a node: defaults, then the file, then the environment, then system properties; the later wins.
 * Strict: an unknown name is as fatal as a bad value, and all problems are told at once. An empty variable is unset.
 */
public final class ConfigLoader {
    /** The variable that names the settings file. */
    public static final String FILE_VARIABLE = "WEBHOOK_CONFIG_FILE";

    /** Names that are part of the product's vocabulary and have no effect in this version. */
    static final List<String> NOT_SUPPORTED_YET =
            List.of("ENABLE_TRACING", "OTLP_ENDPOINT", "AWS_LAMBDA_FUNCTION_NAME", "FUNCTION_APP", "FUNCTION_NAME");

    private static final String PREFIX = "WEBHOOK_";

    private final Map<String, String> environment;
    private final Map<String, String> properties;

    /** Takes whole maps, since an unknown name can only be found by looking at all of them. */
    public ConfigLoader(Map<String, String> environment, Map<String, String> properties) {
        this.environment = Map.copyOf(environment);
        this.properties = Map.copyOf(properties);
    }

    /**
     * Loads.
     *
     * @param file the settings file; null: the one that {@link #FILE_VARIABLE} names, if any
     * @throws ConfigException with every problem
     */
    public LoadedSettings load(@Nullable Path file) {
        List<SettingProblem> problems = new ArrayList<>();
        Map<String, SourcedValue> values = gather(file, problems);
        @Nullable Settings settings = bind(values, problems);
        if (settings == null || !problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new LoadedSettings(settings, notices());
    }

    /** A text and where it came from: {@code "the file"} or a variable. */
    private record SourcedValue(String text, String source) {}

    private Map<String, SourcedValue> gather(@Nullable Path file, List<SettingProblem> problems) {
        List<SettingField> fields = fields().toList();
        Map<String, SourcedValue> values = new LinkedHashMap<>();
        @Nullable Path path = file != null ? file : fileFromVariable();
        if (path != null) {
            List<String> keys = fields.stream().map(SettingField::key).toList();
            SettingsFile.read(path, problems).forEach((key, text) -> {
                if (keys.contains(key)) {
                    values.put(key, new SourcedValue(text, path.toString()));
                } else {
                    problems.add(new SettingProblem(
                            key, key + ": unknown setting in " + path + Suggestions.didYouMean(key, keys)));
                }
            });
        }
        fromVariables(environment, "variable", fields, values, problems);
        fromVariables(properties, "system property", fields, values, problems);
        return values;
    }

    private @Nullable Path fileFromVariable() {
        String name = properties.getOrDefault(FILE_VARIABLE, environment.getOrDefault(FILE_VARIABLE, ""));
        return name.isBlank() ? null : Path.of(name);
    }

    private static void fromVariables(
            Map<String, String> variables,
            String what,
            List<SettingField> fields,
            Map<String, SourcedValue> values,
            List<SettingProblem> problems) {
        List<String> known = Stream.concat(
                        Stream.of(FILE_VARIABLE), fields.stream().map(SettingField::env))
                .toList();
        for (SettingField field : fields) {
            String text = variables.getOrDefault(field.env(), "");
            if (!text.isBlank()) {
                values.put(field.key(), new SourcedValue(text, field.env()));
            }
        }
        new TreeSet<>(variables.keySet())
                .stream()
                        .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                        .forEach(name -> problems.add(new SettingProblem(
                                name, name + ": unknown " + what + Suggestions.didYouMean(name, known))));
    }

    private static @Nullable Settings bind(Map<String, SourcedValue> values, List<SettingProblem> problems) {
        Settings defaults = Settings.defaults();
        Object[] records = Arrays.stream(Settings.class.getRecordComponents())
                .map(component -> bindRecord(recordIn(defaults, component), values, problems))
                .toArray();
        List<SettingProblem> together = new ArrayList<>();
        @Nullable Settings bound = construct(Settings.class, records, values, together);
        // A value that is wrong by itself was replaced by its default, which need not fit to the others.
        Set<String> told = problems.stream().map(SettingProblem::key).collect(Collectors.toSet());
        together.stream().filter(problem -> !told.contains(problem.key())).forEach(problems::add);
        return bound;
    }

    private static Record recordIn(Settings settings, java.lang.reflect.RecordComponent component) {
        try {
            return (Record) component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    private static Record bindRecord(Record defaults, Map<String, SourcedValue> values, List<SettingProblem> problems) {
        Object[] arguments = SettingField.of(defaults.getClass()).stream()
                .map(field -> value(field, field.valueIn(defaults), values.get(field.key()), problems))
                .toArray();
        @Nullable Record bound = construct(defaults.getClass(), arguments, values, problems);
        return bound == null ? defaults : bound;
    }

    private static @Nullable Object value(
            SettingField field,
            @Nullable Object otherwise,
            @Nullable SourcedValue given,
            List<SettingProblem> problems) {
        if (given == null) {
            return otherwise;
        }
        try {
            return ValueParser.parse(given.text(), field.type(), field.setting().unit());
        } catch (IllegalArgumentException e) {
            String expected = e.getMessage() == null ? "another value" : e.getMessage();
            problems.add(sourced(SettingProblem.outOfBounds(field.key(), field.shown(given.text()), expected), given));
            return otherwise;
        }
    }

    private static <T extends Record> @Nullable T construct(
            Class<T> type, Object[] arguments, Map<String, SourcedValue> values, List<SettingProblem> problems) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(java.lang.reflect.RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ConfigException refused) {
                refused.problems().forEach(problem -> problems.add(sourced(problem, values.get(problem.key()))));
                return null;
            }
            throw new IllegalStateException("cannot make " + type, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type, e);
        }
    }

    private static SettingProblem sourced(SettingProblem problem, @Nullable SourcedValue given) {
        return given == null ? problem : new SettingProblem(problem.key(), problem.text() + ", from " + given.source());
    }

    private List<String> notices() {
        return NOT_SUPPORTED_YET.stream()
                .filter(this::isSet)
                .map(name -> name + " is set but not supported yet: it has no effect")
                .toList();
    }

    private boolean isSet(String name) {
        String text = properties.getOrDefault(name, environment.getOrDefault(name, ""));
        return !text.isBlank() && !(name.startsWith("ENABLE_") && text.strip().equalsIgnoreCase("false"));
    }

    /** Every setting there is, in the order of the documentation. */
    static Stream<SettingField> fields() {
        return Arrays.stream(Settings.class.getRecordComponents())
                .flatMap(component -> SettingField.of(component.getType().asSubclass(Record.class)).stream());
    }
}
