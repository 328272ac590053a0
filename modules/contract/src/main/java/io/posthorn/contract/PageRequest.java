package io.posthorn.contract;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list.
 *
 * @param limit the most items, 1 to {@value #MAX_LIMIT}
 * @param from the id (or name) beside which to begin, itself excluded; null for the list's beginning
 * @param backwards whether to read towards the list's beginning; the items come in the list's order all the same
 * @param ascending the list's order: oldest first, or newest first
 */
public record PageRequest(int limit, @Nullable String from, boolean backwards, boolean ascending) {
    /** The most items of one page. */
    public static final int MAX_LIMIT = 250;

    public PageRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ": " + limit);
        }
    }
}
