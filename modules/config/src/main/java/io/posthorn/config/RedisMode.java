package io.posthorn.config;

/** How the Redis servers that the URLs name belong together. */
public enum RedisMode {
    /** Sentinel if a master name is set, else cluster if there are several URLs, else standalone. */
    AUTO,
    /** One server. */
    STANDALONE,
    /** The URLs name sentinels, which know the present master. */
    SENTINEL,
    /** The URLs name some nodes of a Redis Cluster, which know the others. */
    CLUSTER
}
