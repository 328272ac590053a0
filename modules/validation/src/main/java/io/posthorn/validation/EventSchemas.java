package io.posthorn.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.EventType;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of event types on one node: what was read of them lately, and the newest version of each compiled. Shared by
 * all instances of the role; any thread, but compiling and checking belong on a worker. When a cache is full, what was
 * used least is read or compiled again.
 */
public final class EventSchemas {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_COMPILED = 1_024;
    private static final int MAX_READ_BYTES = 32 * 1024 * 1024;
    private static final int BYTES_OF_ENTRY = 512;

    private final ValidationConfig config;
    private final LongSupplier nanoTime;
    private final JsonTrees schemaTrees = new JsonTrees(MAX_DEPTH);
    private final JsonTrees payloadTrees;
    private final Cache<Name, Lease> leases;
    private final Cache<String, Compiled> compiled;

    private final AtomicInteger waiting = new AtomicInteger();

    private record Name(OrganizationId organization, String eventType) {}

    /** What the schemas of an event type were, read no earlier than that. */
    record Lease(@Nullable String schemas, long readAt) {}

    private record Compiled(@Nullable EventSchema schema, List<Problem> problems) {}

    public EventSchemas(ValidationConfig config) {
        this(config, System::nanoTime);
    }

    EventSchemas(ValidationConfig config, LongSupplier nanoTime) {
        this.config = config;
        this.nanoTime = nanoTime;
        this.payloadTrees = new JsonTrees(config.maxDepth());
        this.leases = Caffeine.newBuilder()
                .maximumWeight(MAX_READ_BYTES)
                .weigher((Name name, Lease lease) -> BYTES_OF_ENTRY
                        + (lease.schemas() == null ? 0 : 2 * lease.schemas().length()))
                .build();
        this.compiled = Caffeine.newBuilder()
                .maximumWeight(config.schemaCacheBytes())
                .weigher((String schemas, Compiled made) ->
                        Math.max(schemas.length(), config.schemaCacheBytes() / MAX_COMPILED))
                .build();
    }

    /** What is known of an event type's schemas and may still be used; null when they must be read. */
    @Nullable
    Lease known(OrganizationId organization, String eventType) {
        Lease lease = leases.getIfPresent(new Name(organization, eventType));
        return lease == null || nanoTime.getAsLong() - lease.readAt() >= EventType.LEASE.toNanos() ? null : lease;
    }

    /** How many checks of the node run or wait for a thread. */
    AtomicInteger waiting() {
        return waiting;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /**
     * Remembers what was read.
     *
     * @param askedAt {@link #now()} before it was asked for
     */
    void read(OrganizationId organization, String eventType, @Nullable String schemas, long askedAt) {
        leases.put(new Name(organization, eventType), new Lease(schemas, askedAt));
    }

    /** All that is wrong with the schemas of an event type: a JSON object from version to schema. */
    List<Problem> problemsOf(String schemas) {
        int bytes = schemas.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > config.schemaMaxBytes()) {
            return List.of(Problem.value(
                    "at most " + config.schemaMaxBytes() + " bytes were expected, not " + bytes, "body", "schemas"));
        }
        JsonNode tree;
        try {
            tree = schemaTrees.read(schemas.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return List.of(Problem.unreadable(String.valueOf(e.getMessage()), "body", "schemas"));
        }
        if (!tree.isObject()) {
            return List.of(Problem.unreadable("a JSON object of schemas by version was expected", "body", "schemas"));
        }
        List<Problem> problems = new ArrayList<>();
        for (Map.Entry<String, JsonNode> version : tree.properties()) {
            try {
                EventSchema unused =
                        EventSchema.compile(version.getValue(), List.of("body", "schemas", version.getKey()));
            } catch (EventSchema.Unusable e) {
                problems.addAll(e.problems());
            }
        }
        return problems;
    }

    /** Where a payload differs from the newest of the schemas. Throws {@link Budget.Spent}. */
    List<Problem> check(String schemas, byte[] payload) {
        Compiled made = compiled.get(schemas, this::compile);
        EventSchema schema = made.schema();
        if (schema == null) {
            return made.problems();
        }
        Budget budget = new Budget(Budget.STEPS, config.schemaTimeout());
        JsonNode tree;
        try {
            tree = payloadTrees.read(payload);
        } catch (IllegalArgumentException e) {
            return List.of(Problem.unreadable(String.valueOf(e.getMessage()), "body", "payload"));
        }
        return schema.check(tree, List.of("body", "payload"), budget);
    }

    private Compiled compile(String schemas) {
        try {
            JsonNode tree = schemaTrees.read(schemas.getBytes(StandardCharsets.UTF_8));
            String version = newest(tree);
            return version == null
                    ? new Compiled(
                            EventSchema.compile(schemaTrees.read(new byte[] {'t', 'r', 'u', 'e'}), List.of()),
                            List.of())
                    : new Compiled(EventSchema.compile(tree.path(version), List.of("schemas", version)), List.of());
        } catch (EventSchema.Unusable e) {
            return new Compiled(null, unusable(e.problems().get(0).message()));
        } catch (IllegalArgumentException e) {
            return new Compiled(null, unusable(String.valueOf(e.getMessage())));
        }
    }

    private static List<Problem> unusable(String why) {
        return List.of(Problem.value("the schema of the event type cannot be used: " + why, "body", "eventType"));
    }

    /** The greatest version: a whole number is greater than any other text; null where there is none. */
    static @Nullable String newest(JsonNode schemas) {
        String newest = null;
        for (Map.Entry<String, JsonNode> version : schemas.properties()) {
            if (newest == null || compare(version.getKey(), newest) > 0) {
                newest = version.getKey();
            }
        }
        return newest;
    }

    private static int compare(String left, String right) {
        boolean leftIsNumber = isNumber(left);
        if (leftIsNumber && isNumber(right)) {
            return left.length() == right.length()
                    ? left.compareTo(right)
                    : Integer.compare(left.length(), right.length());
        }
        return leftIsNumber || isNumber(right) ? Boolean.compare(leftIsNumber, isNumber(right)) : left.compareTo(right);
    }

    private static boolean isNumber(String version) {
        return !version.isEmpty() && version.charAt(0) != '0' && version.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
