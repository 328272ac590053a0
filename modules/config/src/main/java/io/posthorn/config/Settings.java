package io.posthorn.config;

/** All settings of a node. */
public record Settings(
        ObservabilityConfig observability,
        HealthConfig health,
        ClusterConfig cluster,
        StorageConfig storage,
        RedisConfig redis,
        RateLimitConfig rateLimit,
        ValidationConfig validation,
        DispatchConfig dispatch,
        RetryConfig retry,
        CircuitConfig circuit,
        EgressConfig egress,
        IngestionConfig ingestion) {
    public Settings {
        new Bounds()
                .require(
                        ingestion.port() == 0
                                || ingestion.port() != health.port()
                                || !ingestion.host().equals(health.host()),
                        "health.port",
                        String.valueOf(health.port()),
                        "another port than ingestion.port")
                .require(
                        storage.type() != StorageType.REDIS || redis.isSet(),
                        "redis.url",
                        "unset",
                        "a URL such as redis://localhost:6379, since storage.type is redis")
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static Settings defaults() {
        return new Settings(
                ObservabilityConfig.defaults(),
                HealthConfig.defaults(),
                ClusterConfig.defaults(),
                StorageConfig.defaults(),
                RedisConfig.defaults(),
                RateLimitConfig.defaults(),
                ValidationConfig.defaults(),
                DispatchConfig.defaults(),
                RetryConfig.defaults(),
                CircuitConfig.defaults(),
                EgressConfig.defaults(),
                IngestionConfig.defaults());
    }
}
