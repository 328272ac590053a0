package io.posthorn.config;

/** The storage engines by name. */
public enum StorageType {
    /** Redis if its URL is set, with disk to fall back on; else disk. */
    AUTO,
    /** Nothing survives the process. */
    MEMORY,
    /** One machine, flushed before the answer. */
    DISK,
    /** A Redis server shared by all nodes. */
    REDIS
}
