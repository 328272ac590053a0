package io.posthorn.config;

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
        boolean httpsOnly) {
    public ValidationConfig {
        new Bounds()
                .between("validation.maxPayloadBytes", maxPayloadBytes, 1, 256 * 1024 * 1024)
                .between("validation.maxDepth", maxDepth, 1, 1_000)
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static ValidationConfig defaults() {
        return new ValidationConfig(1024 * 1024, 200, false);
    }
}
