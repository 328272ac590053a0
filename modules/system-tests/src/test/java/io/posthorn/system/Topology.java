package io.posthorn.system;

import java.util.Locale;

/** What a node that a test starts is made of: one process, or several that are a cluster. */
enum Topology {
    /** One process with all roles. */
    SINGLE,
    /** A {@link SpreadNode}. */
    CLUSTER;

    private static final String SWITCH = "posthorn.topology";

    /** What the system property {@value #SWITCH} says. */
    static Topology asked() {
        return valueOf(System.getProperty(SWITCH, SINGLE.name()).toUpperCase(Locale.ROOT));
    }

    /** The property as an argument for a Java that is to start nodes, too. */
    String argument() {
        return "-D" + SWITCH + "=" + name().toLowerCase(Locale.ROOT);
    }
}
