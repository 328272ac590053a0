package io.posthorn.storage.local;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Whether files of a directory can be written past the page cache of the system ({@code O_DIRECT}). Most file systems take
 * that, some in memory or over a network do not, and only a trial tells.
 */
final class DirectWrites {
    private DirectWrites() {}

    /** Tries it with a file of one block, which is removed again. */
    static boolean areTakenIn(Path directory) throws IOException {
        Path trial = Files.createTempFile(directory, "direct-", ".trial");
        try (FileChannel file = FileChannel.open(trial, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
            int block = Math.toIntExact(Files.getFileStore(directory).getBlockSize());
            ByteBuffer whole =
                    ByteBuffer.allocateDirect(2 * block).alignedSlice(block).limit(block);
            return file.write(whole) == block;
        } catch (IOException | UnsupportedOperationException refused) {
            return false;
        } finally {
            Files.delete(trial);
        }
    }
}
