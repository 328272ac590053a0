package io.posthorn.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The classes of the program in one file, as {@code scripts/posthorn} makes it too: a start from it takes a third less, and
 * the tests start the program more than a hundred times. Made once for each jar, by the first test process that needs it.
 */
final class ClassArchive {
    private static final long PATIENCE_SECONDS = 120;
    private static final List<String> QUIET = List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off");

    private ClassArchive() {}

    /** What Java needs to start from it; nothing where it cannot be made. */
    static List<String> flags(String java, String jar) {
        Path archive = Path.of("target", "posthorn-classes.jsa").toAbsolutePath();
        try (FileChannel channel = FileChannel.open(
                        archive.resolveSibling("posthorn-classes.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (held.isValid() && !isOf(archive, Path.of(jar))) {
                make(java, jar, archive);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!Files.exists(archive)) {
            return List.of();
        }
        List<String> flags = new ArrayList<>(QUIET);
        flags.add("-XX:SharedArchiveFile=" + archive);
        return flags;
    }

    private static boolean isOf(Path archive, Path jar) throws IOException {
        return Files.exists(archive)
                && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
    }

    private static void make(String java, String jar, Path archive) throws IOException, InterruptedException {
        Path unfinished = archive.resolveSibling("posthorn-classes.new");
        Files.deleteIfExists(archive);
        List<String> command = new ArrayList<>(List.of(java, "-Xmx256m", "-XX:ArchiveClassesAtExit=" + unfinished));
        command.addAll(QUIET);
        command.addAll(List.of("-jar", jar, "demo"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.toHandle().destroyForcibly();
        } else if (process.exitValue() == 0 && Files.exists(unfinished)) {
            Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
