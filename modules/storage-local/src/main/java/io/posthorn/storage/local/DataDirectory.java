package io.posthorn.storage.local;

import io.posthorn.storage.api.StoreRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The directory of the disk engine: a file {@code FORMAT} with the version of its layout, the database in {@code queue},
 * and beside it in {@code FLUSHED} how far its log was flushed. Format 2 has the expiry index and counts what retention
 * removed; a directory of format 1 is brought to it when it is opened, see {@link IndexBuilder}.
 */
final class DataDirectory {
    /** The layout that this version writes. */
    static final int FORMAT = 2;

    /** The oldest layout that this version brings to its own. */
    private static final int OLDEST_FORMAT = 1;

    private static final String FORMAT_FILE = "FORMAT";
    private static final String FORMAT_PREFIX = "posthorn-disk ";
    private static final String DATABASE = "queue";
    private static final String MARK_FILE = "FLUSHED";

    private final Path directory;

    DataDirectory(Path directory) {
        this.directory = directory;
    }

    /** Opens the database, or says why it must not be used. */
    OrderedMap open() throws IOException {
        try {
            Files.createDirectories(directory);
            checkFormat();
        } catch (StoreRefused e) {
            throw new StoreThread.Refused(e);
        } catch (IOException e) {
            throw new StoreThread.Refused(
                    new StoreRefused("the data directory " + directory + " cannot be written: " + reason(e), e));
        }
        FlushMark mark = FlushMark.open(directory.resolve(MARK_FILE));
        try {
            return RocksMap.open(directory.resolve(DATABASE), mark);
        } catch (IOException e) {
            mark.close();
            if (e.getMessage() != null && e.getMessage().contains("lock")) {
                throw new StoreThread.Refused(new StoreRefused(
                        "the data directory " + directory
                                + " is in use by another process; stop that one or choose another directory",
                        e));
            }
            throw e;
        }
    }

    private void checkFormat() throws IOException, StoreRefused {
        Path file = directory.resolve(FORMAT_FILE);
        if (!Files.exists(file)) {
            if (Files.exists(directory.resolve(DATABASE))) {
                throw new StoreRefused("the data directory " + directory + " has no file " + FORMAT_FILE
                        + ": it was not made by Posthorn, or is damaged");
            }
            Files.writeString(
                    file,
                    FORMAT_PREFIX + FORMAT + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            return;
        }
        String text = Files.readString(file).strip();
        if (text.equals(FORMAT_PREFIX + OLDEST_FORMAT)) {
            Files.writeString(
                    file,
                    FORMAT_PREFIX + FORMAT + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
        } else if (!text.equals(FORMAT_PREFIX + FORMAT)) {
            throw new StoreRefused("the data directory " + directory + " has the format \"" + text
                    + "\", this version reads \"" + FORMAT_PREFIX + FORMAT
                    + "\": start it with the version that made it, or a later one");
        }
        if (!Files.isWritable(directory)) {
            throw new IOException("permission denied");
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
