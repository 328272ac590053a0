package io.posthorn.app;

import io.posthorn.contract.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * The generated secret that signs API tokens where none is configured: the file {@code jwt-secret} in the data
 * directory, readable by its owner only, made on first use and kept.
 */
final class SecretFile {
    private static final String NAME = "jwt-secret";
    private static final int RANDOM_BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private SecretFile() {}

    /**
     * Reads the secret of a data directory, and makes directory and secret where they are missing. Blocks.
     *
     * @throws StartRefused if it cannot be read or written, is too short, or may be read by others
     */
    static Secret readOrCreate(Path dataDirectory) throws StartRefused {
        Path file = dataDirectory.resolve(NAME);
        try {
            Files.createDirectories(dataDirectory);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                create(file);
            }
            return read(file);
        } catch (IOException e) {
            throw new StartRefused(
                    "the data directory " + dataDirectory.toAbsolutePath() + " cannot be used: " + reason(e), e);
        }
    }

    private static void create(Path file) throws IOException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n";
        Path fresh = Files.createTempFile(
                file.toAbsolutePath().getParent(), NAME, ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            linkUnlessThere(fresh, file);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Of two processes that start at once, the first one's secret stays. */
    private static void linkUnlessThere(Path fresh, Path file) throws IOException {
        try {
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            return;
        }
    }

    private static Secret read(Path file) throws IOException, StartRefused {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        permissions.retainAll(OTHERS);
        if (!permissions.isEmpty()) {
            throw new StartRefused("the secret " + file.toAbsolutePath()
                    + " can be read or changed by others; run: chmod 600 " + file.toAbsolutePath());
        }
        String text = Files.readString(file, StandardCharsets.UTF_8).strip();
        if (text.getBytes(StandardCharsets.UTF_8).length < RANDOM_BYTES) {
            throw new StartRefused("the secret " + file.toAbsolutePath() + " has less than " + RANDOM_BYTES
                    + " bytes; remove it to get a new one (tokens made before will no longer be accepted)");
        }
        return new Secret(text);
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException
                ? "permission denied"
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
