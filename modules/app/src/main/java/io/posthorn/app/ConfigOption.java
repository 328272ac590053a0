package io.posthorn.app;

import io.posthorn.config.ConfigLoader;
import io.posthorn.config.LoadedSettings;
import io.posthorn.config.Settings;
import io.posthorn.contract.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --config}, shared by the commands that need the settings. */
final class ConfigOption {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings file (YAML). Default: the one that WEBHOOK_CONFIG_FILE names, if any.")
    private @Nullable Path file;

    /** Loads; throws {@link io.posthorn.config.ConfigException} with every problem. */
    LoadedSettings load(Surroundings surroundings) {
        return new ConfigLoader(surroundings.environment(), surroundings.properties()).load(file);
    }

    /** The secret that signs tokens: the configured one, else the one in the data directory. */
    static Secret secretOf(Settings settings) throws StartRefused {
        @Nullable Secret configured = settings.ingestion().jwtSecret();
        return configured != null
                ? configured
                : SecretFile.readOrCreate(settings.storage().dataDir());
    }
}
