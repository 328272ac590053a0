package io.posthorn.chaos.run;

import java.util.Locale;

/** What a node keeps its deliveries in. */
public enum Engine {
    /** Nothing is durable: only faults that leave the process alive. */
    MEMORY,
    /** The write-ahead log on this machine. */
    DISK,
    /** A Redis server that the run starts itself. */
    REDIS;

    /** As it is called on the command line and in {@code WEBHOOK_STORAGE_TYPE}. */
    public String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }
}
