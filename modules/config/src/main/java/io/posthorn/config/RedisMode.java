package io.posthorn.config;

/** How the Redis servers that the URLs name belong together. */
public enum RedisMode {
    /** Sentinel if a master name is set; else the server says whether it is part of a cluster. */
    AUTO,
    /** One server. */
    STANDALONE,
    /** The URLs name sentinels, which know the present master. */
    SENTINEL,
    /** The URLs name some nodes of a Redis Cluster, which know the others. */
    CLUSTER
}
