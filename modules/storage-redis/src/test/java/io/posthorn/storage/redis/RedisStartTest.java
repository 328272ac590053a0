package io.posthorn.storage.redis;

import static io.posthorn.testkit.Futures.failureOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.RoleHealth;
import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.api.StoreRefused;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.RedisClusterProcesses;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a Redis that cannot be used, and what it takes to use one. */
class RedisStartTest {
    private static final String PASSWORD = "changeit";
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String TRUST_PASSWORD = "javax.net.ssl.trustStorePassword";

    private final List<StorageEngine> opened = new ArrayList<>();
    private Vertx vertx;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() {
        opened.forEach(engine -> resultOf(engine.close()));
        resultOf(vertx.close());
    }

    private StorageEngine engine(String url, RedisServers.Mode mode) {
        RedisServers servers = RedisServers.of(List.of(url), mode, null, null, null, null);
        RedisEngineOptions options = new RedisEngineOptions(
                servers, 2, 2, Duration.ofSeconds(2), 0, "posthorn", InFlightLimit.from(128), Duration.ofDays(30));
        StorageEngine engine = RedisEngines.redis(vertx, options, InstantSource.system());
        opened.add(engine);
        return engine;
    }

    private String refusal(String url, RedisServers.Mode mode) {
        Throwable refused = failureOf(engine(url, mode).open());
        assertThat(refused).isInstanceOf(StoreRefused.class);
        assertThat(refused.getMessage()).startsWith("redis at 127.0.0.1:").doesNotContain("\n");
        return refused.getMessage();
    }

    private void works(StorageEngine engine) {
        resultOf(engine.open());
        EngineDriver store = new EngineDriver(engine, new ManualClock(Instant.now()));
        Application app = store.application();
        store.endpoint(app);
        store.accept(app);
        store.succeed(store.claimOne());
    }

    @Test
    void tooOldVersionIsRefusedWithTheOneThatIsNeeded() {
        assertThat(refusal(new OldServer(vertx, "6.0.16").url(), RedisServers.Mode.STANDALONE))
                .endsWith("its version is 6.0.16; at least 6.2 is needed");
        assertThat(refusal(new OldServer(vertx, "5.0.14").url(), RedisServers.Mode.STANDALONE))
                .contains("5.0.14");
        // What is new enough goes on to the next question, which this server does not know.
        assertThat(refusal(new OldServer(vertx, "6.2.0").url(), RedisServers.Mode.STANDALONE))
                .doesNotContain("version");
    }

    @Test
    void clusterWithAMissingSlotIsRefusedWithItsNumber() {
        try (RedisClusterProcesses cluster = RedisClusterProcesses.start()) {
            cluster.nodes().forEach(node -> {
                node.command("CONFIG", "SET", "cluster-require-full-coverage", "no");
                node.command("CLUSTER", "DELSLOTS", "7");
            });
            assertThat(refusal(cluster.urls().get(0), RedisServers.Mode.CLUSTER))
                    .endsWith("no node of the cluster serves slot 7; repair the cluster first");
        }
    }

    @Test
    void userWithTooFewRightsIsRefused() {
        try (RedisProcess redis = RedisProcess.start(Map.of("appendonly", "no"))) {
            redis.command("ACL", "SETUSER", "reader", "on", ">secret", "~posthorn:*", "+@read", "+@connection");
            redis.command("ACL", "SETUSER", "stranger", "on", ">secret", "~other:*", "+@all");
            String address = "127.0.0.1:" + redis.port();
            assertThat(refusal("redis://reader:secret@" + address, RedisServers.Mode.STANDALONE))
                    .endsWith("the user may not do what is needed");
            assertThat(refusal("redis://stranger:secret@" + address, RedisServers.Mode.STANDALONE))
                    .endsWith("the user may not do what is needed");
            assertThat(refusal("redis://stranger:hunter2@" + address, RedisServers.Mode.STANDALONE))
                    .endsWith("user or password is wrong")
                    .doesNotContain("hunter2");
        }
    }

    @Test
    void userWithoutTheRightToReadSettingsWorksAndIsToldWhatCouldNotBeChecked() {
        try (RedisProcess redis = RedisProcess.start(Map.of("appendonly", "no"))) {
            redis.command(
                    "ACL", "SETUSER", "hooks", "on", ">secret", "~posthorn:*", "&posthorn:*", "+@all", "-@dangerous");
            StorageEngine engine =
                    engine("redis://hooks:secret@127.0.0.1:" + redis.port(), RedisServers.Mode.STANDALONE);

            works(engine);

            assertThat(engine.health().status()).isEqualTo(RoleHealth.Status.DEGRADED);
            assertThat(engine.health().detail()).contains("CONFIG GET is not allowed");
        }
    }

    @Test
    void encryptedConnectionNeedsACertificateThatIsTrusted() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path store = certificate();
        Map<String, String> settings = Map.of(
                "appendonly", "no",
                "tls-port", String.valueOf(port),
                "tls-cert-file", directory.resolve("cert.pem").toString(),
                "tls-key-file", directory.resolve("key.pem").toString(),
                "tls-ca-cert-file", directory.resolve("cert.pem").toString(),
                "tls-auth-clients", "no");
        try (RedisProcess redis = RedisProcess.start(settings)) {
            works(engine(redis.url(), RedisServers.Mode.STANDALONE));
            String url = "rediss://127.0.0.1:" + port;

            assertThat(refusal(url, RedisServers.Mode.STANDALONE)).contains("its certificate is not trusted");
            assertThat(refusal("redis://127.0.0.1:" + port, RedisServers.Mode.STANDALONE))
                    .contains("no connection");
            String before = System.getProperty(TRUST_STORE);
            String passwordBefore = System.getProperty(TRUST_PASSWORD);
            System.setProperty(TRUST_STORE, store.toString());
            System.setProperty(TRUST_PASSWORD, PASSWORD);
            try {
                works(engine(url, RedisServers.Mode.STANDALONE));
            } finally {
                restore(TRUST_STORE, before);
                restore(TRUST_PASSWORD, passwordBefore);
            }
        }
    }

    private static void restore(String property, String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }

    /** Makes a certificate of this machine's loopback address for the server; answers a store of certificates with it. */
    private Path certificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path keys = directory.resolve("keys.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "redis",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                keys.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD);
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            made.load(in, PASSWORD.toCharArray());
        }
        byte[] key = made.getKey("redis", PASSWORD.toCharArray()).getEncoded();
        byte[] certificate = made.getCertificate("redis").getEncoded();
        Files.writeString(directory.resolve("key.pem"), pem("PRIVATE KEY", key));
        Files.writeString(directory.resolve("cert.pem"), pem("CERTIFICATE", certificate));
        Path trusted = directory.resolve("trusted.p12");
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "redis",
                "-file",
                directory.resolve("cert.pem").toString(),
                "-keystore",
                trusted.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD);
        return trusted;
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                + "-----\n";
    }

    private void keytool(String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(List.of(words));
        Path log = directory.resolve("keytool.log");
        int code = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(code).as(Files.readString(log)).isZero();
    }
}
