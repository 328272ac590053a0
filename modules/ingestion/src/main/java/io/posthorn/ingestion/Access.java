package io.posthorn.ingestion;

/** Who may call an operation. */
enum Access {
    /** Everybody; no token is looked at. */
    OPEN,
    /** The holder of an organisation token, or of an application token for its own application. */
    APPLICATION,
    /** The holder of an organisation token only. */
    ORGANIZATION
}
