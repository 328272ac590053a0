package io.posthorn.storage.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A script that runs inside Redis, named by its digest. The server is sent its text only when it does not know the
 * digest, which may be so at any call, since scripts can be flushed at any moment.
 *
 * @param sha1 of the text, in hexadecimal
 */
record Script(String name, String text, String sha1) {
    private static final String FOLDER = "lua/";
    private static final String PRELUDE = read("prelude");

    /**
     * The script of the resource {@code lua/<name>.lua}, with what all scripts share before it.
     *
     * @param shared other resources that stand before it
     */
    static Script of(String name, String... shared) {
        StringBuilder text = new StringBuilder(PRELUDE);
        for (String part : shared) {
            text.append(read(part));
        }
        text.append(read(name));
        return new Script(name, text.toString(), sha1(text.toString()));
    }

    private static String read(String name) {
        String file = FOLDER + name + ".lua";
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("no such script: " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
