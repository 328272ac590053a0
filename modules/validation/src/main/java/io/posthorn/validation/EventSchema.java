package io.posthorn.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Draft202012;
import com.networknt.schema.dialect.Draft7;
import com.networknt.schema.keyword.AnnotationKeyword;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.path.PathType;
import io.posthorn.contract.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One JSON Schema, ready for use on any number of threads. It never loads anything but the meta-schemas. */
final class EventSchema {
    private static final int MAX_PROBLEMS = 20;
    private static final int MAX_MESSAGE = 300;
    /** The most that the trial of a new schema may take. */
    static final Duration COMPILE_TIME = Duration.ofSeconds(5);

    private static final JsonTrees PROBES = new JsonTrees(2);
    private static final List<JsonNode> ONE_OF_EACH_TYPE = List.of("{}", "[]", "\"\"", "0", "null", "true").stream()
            .map(json -> PROBES.read(json.getBytes(StandardCharsets.UTF_8)))
            .toList();

    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .locale(Locale.ROOT)
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(false)
            .preloadSchema(false)
            .regularExpressionFactory(LinearPattern::compile)
            .build();
    private static final List<Dialect> DIALECTS =
            List.of(dialect(Draft7.getInstance()), dialect(Draft202012.getInstance()));
    private static final SchemaRegistry META_SCHEMAS = registry(true);

    private final Schema schema;

    private EventSchema(Schema schema) {
        this.schema = schema;
    }

    private static Dialect dialect(Dialect draft) {
        return Dialect.builder(draft)
                .keyword(new UniqueItems())
                .unknownKeywordFactory((name, context) -> new AnnotationKeyword(name))
                .build();
    }

    /** A registry of its own for each schema: what one schema calls itself means nothing to another. */
    private static SchemaRegistry registry(boolean caching) {
        return SchemaRegistry.withDialects(
                DIALECTS,
                registry -> registry.defaultDialectId(SpecificationVersion.DRAFT_2020_12.getDialectId())
                        .schemaCacheEnabled(caching)
                        .schemaRegistryConfig(CONFIG)
                        .schemaLoader(loader -> loader.allow(uri -> SchemaRules.isMetaSchema(uri.toString()))));
    }

    /** Throws {@link Unusable} with all that is wrong with it. */
    static EventSchema compile(JsonNode json, List<String> place) {
        if (!json.isObject() && !json.isBoolean()) {
            throw new Unusable(List.of(Problem.value("a JSON Schema was expected", place.toArray(new String[0]))));
        }
        List<Problem> problems = SchemaRules.check(json, place);
        if (problems.isEmpty()) {
            problems = againstMetaSchema(json, place);
        }
        if (!problems.isEmpty()) {
            throw new Unusable(problems);
        }
        try {
            Schema schema = registry(false).getSchema(json);
            schema.initializeValidators();
            EventSchema made = new EventSchema(schema);
            made.tryOut();
            return made;
        } catch (SchemaException | Budget.Spent e) {
            throw new Unusable(List.of(Problem.value(
                    shortened("the schema cannot be used: " + e.getMessage()), place.toArray(new String[0]))));
        }
    }

    /** A schema that leads in a circle does so with any value of the right type. */
    private void tryOut() {
        for (JsonNode value : ONE_OF_EACH_TYPE) {
            List<Error> unused = run(value, new Budget(Budget.STEPS, COMPILE_TIME));
        }
    }

    private static List<Problem> againstMetaSchema(JsonNode json, List<String> place) {
        JsonNode draft = json.get("$schema");
        boolean isDraft7 =
                draft != null && draft.textValue() != null && draft.textValue().startsWith(SchemaRules.DRAFT_7);
        Schema meta = META_SCHEMAS.getSchema(SchemaLocation.of(
                isDraft7
                        ? Draft7.getInstance().getId()
                        : Draft202012.getInstance().getId()));
        try {
            return problems(
                    new EventSchema(meta).run(json, new Budget(Budget.STEPS, COMPILE_TIME)),
                    json,
                    place,
                    "value_error");
        } catch (Budget.Spent e) {
            return List.of(Problem.value("the schema cannot be used: " + e.getMessage(), place.toArray(new String[0])));
        }
    }

    /**
     * Where a payload differs from the schema; at most {@value #MAX_PROBLEMS} places. Throws {@link Budget.Spent}.
     *
     * @param place what the payload is called in problems
     */
    List<Problem> check(JsonNode payload, List<String> place, Budget budget) {
        return problems(run(payload, budget), payload, place, "value_error.jsonschema");
    }

    private List<Error> run(JsonNode value, Budget budget) {
        MeteredExecution execution = new MeteredExecution(budget);
        budget.run(() -> schema.validate(execution, value));
        return execution.getErrors();
    }

    private static List<Problem> problems(List<Error> errors, JsonNode root, List<String> place, String type) {
        List<Problem> problems = new ArrayList<>();
        for (Error error : errors.subList(0, Math.min(errors.size(), MAX_PROBLEMS))) {
            NodePath path = error.getInstanceLocation();
            List<String> tokens = new ArrayList<>(place);
            JsonNode node = root;
            for (int i = 0; i < path.getNameCount(); i++) {
                String token = path.getElement(i).toString();
                tokens.add(node.isArray() ? "[" + token + "]" : token);
                node = node.isArray() ? node.path(Integer.parseInt(token)) : node.path(token);
            }
            String pointer = path.getNameCount() == 0 ? "the whole" : path.toString();
            problems.add(new Problem(tokens, shortened(pointer) + ": " + shortened(error.getMessage()), type));
        }
        return problems;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "...";
    }

    /** The schema cannot be used; says why. Made without a stack trace. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient List<Problem> problems;

        Unusable(List<Problem> problems) {
            super("unusable schema", null, false, false);
            this.problems = List.copyOf(problems);
        }

        List<Problem> problems() {
            return problems;
        }
    }
}
