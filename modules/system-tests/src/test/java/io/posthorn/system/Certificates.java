package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.PfxOptions;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An authority made by {@code keytool}, and receivers' certificates that it signs, all in one directory. */
final class Certificates {
    static final String PASSWORD = "changeit";

    private final Path directory;

    private Certificates(Path directory) {
        this.directory = directory;
    }

    /** Makes the authority, and a trust store of it alone. */
    static Certificates in(Path directory) throws Exception {
        Certificates made = new Certificates(directory);
        made.keytool(
                "ca",
                "-genkeypair",
                "-dname",
                "CN=Test Authority",
                "-keyalg",
                "EC",
                "-ext",
                "bc:c",
                "-validity",
                "3650");
        made.keytool("ca", "-exportcert", "-file", made.file("ca.crt"));
        made.keytool("trust", "-importcert", "-file", made.file("ca.crt"), "-noprompt");
        return made;
    }

    /** What a process needs to trust the authority and nobody else. */
    String trustArguments() {
        return "-Djavax.net.ssl.trustStore=" + file("trust.p12") + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD;
    }

    /**
     * A key and its certificate.
     *
     * @param names as in {@code ip:127.0.0.1} or {@code dns:example.com}
     * @param from when it begins to be valid, such as {@code -10d}
     * @param days for how long it is
     */
    Path signed(String name, String names, String from, int days) throws Exception {
        keytool(name, "-genkeypair", "-dname", "CN=" + name, "-keyalg", "EC");
        keytool(name, "-certreq", "-file", file(name + ".csr"));
        keytool(
                "ca",
                "-gencert",
                "-infile",
                file(name + ".csr"),
                "-outfile",
                file(name + ".crt"),
                "-ext",
                "san=" + names,
                "-startdate",
                from,
                "-validity",
                Integer.toString(days));
        run(List.of(
                tool(),
                "-importcert",
                "-alias",
                "ca",
                "-file",
                file("ca.crt"),
                "-keystore",
                file(name + ".p12"),
                "-storepass",
                PASSWORD,
                "-noprompt"));
        keytool(name, "-importcert", "-file", file(name + ".crt"), "-noprompt");
        return directory.resolve(name + ".p12");
    }

    static PfxOptions options(Path store, String alias) {
        return new PfxOptions().setPath(store.toString()).setPassword(PASSWORD).setAlias(alias);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private static String tool() {
        return Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    }

    private void keytool(String store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(tool()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias", store, "-keystore", file(store + ".p12"), "-storetype", "PKCS12", "-storepass", PASSWORD));
        run(command);
    }

    /** It must succeed. */
    static void run(List<String> command) throws Exception {
        File log = Files.createTempFile("certificates", ".log").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        String output = Files.readString(log.toPath(), StandardCharsets.UTF_8);
        Files.delete(log.toPath());
        assertThat(ended && process.exitValue() == 0).as(output).isTrue();
    }
}
