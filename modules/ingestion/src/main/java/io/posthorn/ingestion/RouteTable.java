package io.posthorn.ingestion;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;

/** All operations of the API, with their method and their path below {@value #PREFIX}. */
final class RouteTable {
    static final String PREFIX = "/api/v1";

    private final List<Entry> entries = new ArrayList<>();

    /**
     * One operation.
     *
     * @param path with parameters as {@code :name}
     * @param counted whether it counts as pending until it is answered
     */
    record Entry(HttpMethod method, String path, Access access, boolean counted, Operation operation) {
        /** The path as OpenAPI writes it, with parameters as {@code {name}}. */
        String template() {
            return PREFIX + path.replaceAll(":([a-z_]+)", "{$1}");
        }
    }

    @CanIgnoreReturnValue
    RouteTable add(HttpMethod method, String path, Access access, Operation operation) {
        entries.add(new Entry(method, path, access, false, operation));
        return this;
    }

    /** Adds an operation that accepts messages: at most so many are under way on a node. */
    @CanIgnoreReturnValue
    RouteTable addCounted(HttpMethod method, String path, Access access, Operation operation) {
        entries.add(new Entry(method, path, access, true, operation));
        return this;
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }
}
