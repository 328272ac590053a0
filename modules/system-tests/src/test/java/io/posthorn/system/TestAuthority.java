package io.posthorn.system;

import io.posthorn.testkit.process.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate authority, by keytool. All files are in one directory. */
final class TestAuthority {
    private static final String PASSWORD = "changeit";
    private final Path directory;

    /** What has a certificate: PEM of the certificate and of its key. */
    record Holder(String certificate, String key) {}

    TestAuthority(Path directory) throws Exception {
        this.directory = directory;
        keytool("-genkeypair", "-alias", "authority", "-dname", "CN=authority", "-keyalg", "RSA", "-ext", "bc:c");
    }

    String certificate() throws Exception {
        return keytool("-exportcert", "-alias", "authority", "-rfc");
    }

    /** Signs a certificate for that name, which is also that of its key. */
    Holder holder(String name, String... extensions) throws Exception {
        Path request = directory.resolve(name + ".csr");
        Path signed = directory.resolve(name + ".pem");
        keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", "EC", "-groupname", "secp256r1");
        keytool("-certreq", "-alias", name, "-file", request.toString());
        String[] sign = {
            "-gencert", "-alias", "authority", "-rfc", "-infile", request.toString(), "-outfile", signed.toString()
        };
        String[] all = java.util.Arrays.copyOf(sign, sign.length + extensions.length);
        System.arraycopy(extensions, 0, all, sign.length, extensions.length);
        keytool(all);
        return new Holder(Files.readString(signed), key(name));
    }

    private String key(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store())) {
            store.load(file, PASSWORD.toCharArray());
        }
        Key key = store.getKey(name, PASSWORD.toCharArray());
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private Path store() {
        return directory.resolve("authority.p12");
    }

    private String keytool(String... options) throws IOException, InterruptedException {
        String[] common = {
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            options[0],
            "-keystore",
            store().toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD
        };
        String[] command = java.util.Arrays.copyOf(common, common.length + options.length - 1);
        System.arraycopy(options, 1, command, common.length, options.length - 1);
        return Programs.require(command);
    }
}
