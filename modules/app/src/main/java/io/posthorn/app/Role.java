package io.posthorn.app;

import java.util.Locale;

/** The roles of a node, in the order in which they start. */
enum Role {
    HEALTH,
    STORAGE,
    RATELIMIT,
    VALIDATION,
    DISPATCH,
    INGESTION;

    /** As in addresses and on the command line. */
    String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }
}
