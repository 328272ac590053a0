package io.posthorn.config;

import java.time.Duration;

/** What an input may be. */
public record ValidationConfig(
        @Setting(
                env = "WEBHOOK_VALIDATION_MAX_PAYLOAD_BYTES",
                key = "validation.maxPayloadBytes",
                doc = "The largest payload of a message.")
        int maxPayloadBytes,

        @Setting(
                env = "WEBHOOK_VALIDATION_MAX_DEPTH",
                key = "validation.maxDepth",
                doc = "How deeply a payload may be nested.")
        int maxDepth,

        @Setting(
                env = "WEBHOOK_VALIDATION_HTTPS_ONLY",
                key = "validation.httpsOnly",
                doc = "Whether endpoints must use https.")
        boolean httpsOnly,

        @Setting(
                env = "WEBHOOK_VALIDATION_SCHEMA_MAX_BYTES",
                key = "validation.schemaMaxBytes",
                doc = "The most that the JSON Schemas of one event type take, as JSON text.")
        int schemaMaxBytes,

        @Setting(
                env = "WEBHOOK_VALIDATION_SCHEMA_CACHE_BYTES",
                key = "validation.schemaCacheBytes",
                doc =
                        "How much schema text a node keeps compiled, and at most 1,024 event types; the memory it takes is a multiple.")
        int schemaCacheBytes,

        @Setting(
                env = "WEBHOOK_VALIDATION_SCHEMA_THREADS",
                key = "validation.schemaThreads",
                doc = "How many payloads a node holds against their schemas at a time, a thread each.")
        int schemaThreads,

        @Setting(
                env = "WEBHOOK_VALIDATION_SCHEMA_MAX_WAITING",
                key = "validation.schemaMaxWaiting",
                doc = "How many payloads may be with those threads or wait for them; more are answered 503.")
        int schemaMaxWaiting,

        @Setting(
                env = "WEBHOOK_VALIDATION_SCHEMA_TIMEOUT",
                key = "validation.schemaTimeout",
                doc = "How long one payload may take to hold against its schema; then it is answered 503.")
        Duration schemaTimeout) {
    public ValidationConfig {
        new Bounds()
                .between("validation.maxPayloadBytes", maxPayloadBytes, 1, 256 * 1024 * 1024)
                .between("validation.maxDepth", maxDepth, 1, 1_000)
                .between("validation.schemaMaxBytes", schemaMaxBytes, 1, 4 * 1024 * 1024)
                .between("validation.schemaCacheBytes", schemaCacheBytes, 0, 1024 * 1024 * 1024)
                .between("validation.schemaThreads", schemaThreads, 1, 64)
                .between("validation.schemaMaxWaiting", schemaMaxWaiting, 1, 1_000_000)
                .positive("validation.schemaTimeout", schemaTimeout, Duration.ofMinutes(1))
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static ValidationConfig defaults() {
        return new ValidationConfig(
                1024 * 1024, 200, false, 256 * 1024, 16 * 1024 * 1024, 2, 1_000, Duration.ofSeconds(2));
    }
}
