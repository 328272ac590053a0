package io.posthorn.app;

import io.posthorn.config.Settings;
import io.posthorn.config.StorageType;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.local.EngineOptions;
import io.posthorn.storage.local.LocalEngines;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;

/** Makes storage engines: the one of the settings, or the one that keeps its data at a named place. None is open yet. */
final class Engines {
    /** How a place is written, for messages and usage texts. */
    static final String FORMS = "disk:DIRECTORY";

    private static final String DISK = "disk";
    private static final String MEMORY = "memory";

    private final Settings settings;
    private final InstantSource clock;

    /** @param settings say which engine a node has, and how engines behave */
    Engines(Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** The engine of a node with these settings. */
    StorageEngine ofNode() {
        return settings.storage().type() == StorageType.MEMORY
                ? LocalEngines.memory(options(), clock)
                : disk(settings.storage().dataDir());
    }

    /**
     * The store of a node with these settings, for a program that works on it while no node does.
     *
     * @throws StartRefused when there is none
     */
    StorageEngine ofStoppedNode() throws StartRefused {
        if (settings.storage().type() == StorageType.MEMORY) {
            throw new StartRefused("the settings name the engine memory, which keeps nothing for others to"
                    + " open (expected: a node to ask with --url, or storage.type disk)");
        }
        return existingDisk(settings.storage().dataDir());
    }

    /**
     * The engine at a place where there is a store already.
     *
     * @throws IllegalArgumentException as {@link #at}
     * @throws StartRefused when there is none
     */
    StorageEngine existing(String place) throws StartRefused {
        if (place.equals(DISK)) {
            return existingDisk(settings.storage().dataDir());
        }
        return place.startsWith(DISK + ":") && place.length() > DISK.length() + 1
                ? existingDisk(directory(place))
                : at(place);
    }

    /**
     * The engine at a place such as {@code disk:/var/lib/posthorn}; {@code disk} alone is the directory of the settings.
     *
     * @throws IllegalArgumentException when it names none; the message says what was expected
     */
    StorageEngine at(String place) {
        if (place.equals(DISK)) {
            return disk(settings.storage().dataDir());
        }
        if (place.equals(MEMORY) || place.startsWith(MEMORY + ":")) {
            throw new IllegalArgumentException(
                    place + " (expected: " + FORMS + "; what is in memory ends with its process)");
        }
        if (place.startsWith(DISK + ":") && place.length() > DISK.length() + 1) {
            return disk(directory(place));
        }
        throw new IllegalArgumentException(place + " (expected: " + FORMS + ")");
    }

    private static Path directory(String place) {
        try {
            return Path.of(place.substring(DISK.length() + 1));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(place + " (expected: " + FORMS + "): " + e.getReason(), e);
        }
    }

    /** Opening would make one, and a misspelt directory would pass for an empty store. */
    private StorageEngine existingDisk(Path directory) throws StartRefused {
        if (!Files.isDirectory(directory)) {
            throw new StartRefused("there is no store at " + directory.toAbsolutePath());
        }
        return disk(directory);
    }

    private StorageEngine disk(Path directory) {
        return LocalEngines.disk(directory, options(), clock);
    }

    private EngineOptions options() {
        EngineOptions defaults = EngineOptions.defaults();
        return new EngineOptions(
                settings.storage().windowEntries(),
                defaults.messageCacheBytes(),
                settings.dispatch().maxInFlightPerEndpoint(),
                defaults.soleNode(),
                defaults.minFreeBytes(),
                defaults.attemptRetention());
    }
}
