package io.posthorn.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.posthorn.contract.Problem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Posthorn asks of a schema beyond its draft: a known draft, patterns that match in linear time, references that
 * stay inside of it, and not too many of those. One use.
 */
final class SchemaRules {
    static final String DRAFT_7 = "http://json-schema.org/draft-07/schema";
    static final String DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema";

    private static final String VOCABULARIES_2020_12 = "https://json-schema.org/draft/2020-12/meta/";
    private static final int MAX_REFERENCES = 1_000;
    private static final int MAX_PROBLEMS = 20;

    /** The most values below the places that references lead to: each way to write a reference is compiled anew. */
    private static final int MAX_REFERRED = 100_000;

    /** Keywords whose value is data, not a schema. */
    private static final Set<String> DATA = Set.of("const", "enum", "default", "examples");

    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef");

    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> pointers = new HashSet<>();
    private int references;

    private SchemaRules() {}

    /** All that is wrong with the schema, each with its place below the given one; at most so many. */
    static List<Problem> check(JsonNode schema, List<String> place) {
        SchemaRules rules = new SchemaRules();
        rules.gatherIds(schema);
        rules.walk(schema, new Place(place, null, ""));
        rules.checkReferred(schema, new Place(place, null, ""));
        return rules.problems;
    }

    /** Whether an absolute URI is that of a meta-schema, which every node has. */
    static boolean isMetaSchema(String uri) {
        return uri.equals(DRAFT_7) || uri.equals(DRAFT_2020_12) || uri.startsWith(VOCABULARIES_2020_12);
    }

    /** Where a part of the schema stands; made into texts only for a problem. */
    private record Place(List<String> root, @Nullable Place parent, String token) {
        Place at(String child) {
            return new Place(root, this, child);
        }

        List<String> path() {
            if (parent == null) {
                return new ArrayList<>(root);
            }
            List<String> path = parent.path();
            path.add(token);
            return path;
        }
    }

    private void gatherIds(JsonNode node) {
        JsonNode id = node.get("$id");
        if (id != null && id.isTextual()) {
            ids.add(withoutFragment(id.textValue()));
        }
        for (JsonNode child : node) {
            gatherIds(child);
        }
    }

    private void walk(JsonNode node, Place place) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(node.get(i), place.at("[" + i + "]"));
            }
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (problems.size() >= MAX_PROBLEMS) {
                return;
            }
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (value.isTextual()) {
                checkText(name, value.textValue(), place.at(name));
            } else if (name.equals("patternProperties") && value.isObject()) {
                value.fieldNames()
                        .forEachRemaining(
                                pattern -> checkPattern(pattern, place.at(name).at(pattern)));
            }
            if (!DATA.contains(name)) {
                walk(value, place.at(name));
            }
        }
    }

    private void checkText(String keyword, String value, Place place) {
        if (keyword.equals("pattern")) {
            checkPattern(value, place);
        } else if (keyword.equals("$schema")) {
            checkDraft(value, place);
        } else if (REFERENCES.contains(keyword)) {
            checkReference(value, place);
        }
    }

    private void checkPattern(String pattern, Place place) {
        try {
            LinearPattern unused = LinearPattern.compile(pattern);
        } catch (IllegalArgumentException e) {
            add("the pattern cannot be used: " + e.getMessage(), place);
        }
    }

    private void checkDraft(String uri, Place place) {
        String draft = withoutFragment(uri);
        if (!draft.equals(DRAFT_7) && !draft.equals(DRAFT_2020_12)) {
            add(DRAFT_2020_12 + " or " + DRAFT_7 + "# was expected", place);
        }
    }

    private void checkReference(String reference, Place place) {
        references++;
        if (references == MAX_REFERENCES + 1) {
            add("at most " + MAX_REFERENCES + " references were expected", place);
        }
        String document = withoutFragment(reference);
        if (document.length() < reference.length()) {
            pointers.add(reference);
        }
        boolean isLocal = document.isEmpty() || isMetaSchema(document) || ids.contains(document);
        // A relative reference is resolved against the $id around it: the compiler finds out, and it loads nothing
        // either.
        boolean mayBeLocal =
                !ids.isEmpty() && (!document.contains(":") || ids.stream().anyMatch(document::startsWith));
        if (!isLocal && !mayBeLocal && !isInsideOf(document)) {
            add("a reference into this schema (#...) was expected: nothing is loaded from elsewhere", place);
        }
    }

    /** Whether an absolute reference could be a relative $id under another one. */
    private boolean isInsideOf(String document) {
        return ids.stream().anyMatch(id -> !id.contains(":") && document.endsWith(id));
    }

    private void checkReferred(JsonNode schema, Place place) {
        int referred = 0;
        for (String pointer : pointers) {
            referred += count(target(schema, pointer), MAX_REFERRED - referred);
            if (referred >= MAX_REFERRED) {
                add("references that lead to fewer than " + MAX_REFERRED + " values together were expected", place);
                return;
            }
        }
    }

    /** Where a reference leads; the whole schema where that is not plain to see. */
    private static JsonNode target(JsonNode schema, String reference) {
        try {
            String pointer = URLDecoder.decode(reference.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (pointer.startsWith("#/")) {
                JsonNode target = schema.at(pointer.substring(1));
                return target.isMissingNode() ? schema : target;
            }
            // An anchor is compiled where it stands; behind an $id the pointer counts from there.
            return pointer.contains("#/") ? schema : MissingNode.getInstance();
        } catch (IllegalArgumentException e) {
            return schema;
        }
    }

    private static int count(JsonNode node, int most) {
        int count = 1;
        for (JsonNode child : node) {
            if (count >= most) {
                return count;
            }
            count += count(child, most - count);
        }
        return count;
    }

    private void add(String message, Place place) {
        problems.add(Problem.value(message, place.path().toArray(new String[0])));
    }

    private static String withoutFragment(String uri) {
        int hash = uri.indexOf('#');
        return hash < 0 ? uri : uri.substring(0, hash);
    }
}
