package io.posthorn.storage.redis;

import io.posthorn.storage.rows.BareId;

/** Identifiers as they stand in keys and members: their 27 characters. */
final class Names {
    private Names() {}

    /** Without its prefix. */
    static String bare(String id) {
        return id.substring(id.length() - BareId.LENGTH);
    }
}
