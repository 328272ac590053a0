package io.posthorn.config;

/** How the nodes of a cluster find each other. */
public enum ClusterType {
    /** Not at all: this node is alone. */
    NONE,
    /** By a list of hosts. */
    MEMBERS,
    /** By shouting into the network. */
    MULTICAST,
    /** By all addresses of a name. */
    DNS,
    /** By asking Kubernetes for the addresses of a service. */
    KUBERNETES
}
