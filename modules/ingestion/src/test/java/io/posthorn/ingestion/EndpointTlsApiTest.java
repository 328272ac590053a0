package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Sending;
import io.posthorn.contract.TlsOptions;
import io.posthorn.contract.TlsVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTlsApiTest extends ApiTestBase {
    private static SelfSignedCertificate ours;
    private static SelfSignedCertificate authority;
    private static String certificate;
    private static String key;
    private static String ca;

    private String endpoint;
    private String path;

    @BeforeAll
    static void makeCertificates() throws Exception {
        ours = SelfSignedCertificate.create("posthorn.example.com");
        authority = SelfSignedCertificate.create("authority.example.com");
        certificate = Files.readString(Path.of(ours.certificatePath()));
        key = Files.readString(Path.of(ours.privateKeyPath()));
        ca = Files.readString(Path.of(authority.certificatePath()));
    }

    @AfterAll
    static void deleteCertificates() {
        ours.delete();
        authority.delete();
    }

    @BeforeEach
    void makeEndpoint() throws Exception {
        application("shop");
        endpoint = endpoint("shop");
        path = "/app/shop/endpoint/" + endpoint + "/tls";
    }

    private Sending stored() {
        return storage.endpoint(endpoint).sending();
    }

    private JsonObject whole() {
        return new JsonObject()
                .put("minVersion", "1.3")
                .put("ca", ca)
                .put("certificate", certificate)
                .put("key", key);
    }

    @Test
    void isAsUsualWhereNothingIsSaid() throws Exception {
        assertThat(get(path).expect(200).json())
                .isEqualTo(new JsonObject("{\"minVersion\": \"1.2\", \"ca\": [], \"certificate\": []}"));
    }

    @Test
    void showsCertificatesAndNeverTheKey() throws Exception {
        // When
        String answer = call("PUT", path, whole().encode()).expect(200).text();

        // Then
        JsonObject shown = new JsonObject(answer);
        assertThat(shown.getString("minVersion")).isEqualTo("1.3");
        JsonObject ourOwn = shown.getJsonArray("certificate").getJsonObject(0);
        assertThat(ourOwn.getString("subject")).isEqualTo("CN=posthorn.example.com");
        assertThat(ourOwn.getString("issuer")).isEqualTo("CN=posthorn.example.com");
        assertThat(ourOwn.getString("notAfter")).endsWith("Z");
        assertThat(ourOwn.getString("sha256")).matches("[0-9a-f]{64}");
        assertThat(shown.getJsonArray("ca").getJsonObject(0).getString("subject"))
                .isEqualTo("CN=authority.example.com");
        assertThat(get(path).expect(200).json()).isEqualTo(shown);
        String secret = key.lines().skip(1).findFirst().orElseThrow();
        assertThat(answer).doesNotContain(secret, "PRIVATE");
        assertThat(get("/app/shop/endpoint/" + endpoint).text()).doesNotContain(secret, "PRIVATE");
    }

    @Test
    void keepsWhatItIsGivenBesideTheRest() throws Exception {
        // Given
        call("PUT", "/app/shop/endpoint/" + endpoint + "/policy", "{\"maxInFlight\": 3}")
                .expect(200);

        // When: openssl writes text around the blocks
        call(
                        "PUT",
                        path,
                        whole().put("ca", "subject=CN = authority\n" + ca + "\n" + certificate)
                                .encode())
                .expect(200);

        // Then
        TlsOptions options = stored().tls();
        assertThat(stored().maxInFlight()).isEqualTo(3);
        assertThat(options.minVersion()).isEqualTo(TlsVersion.TLS_1_3);
        assertThat(Pem.certificates(options.caCertificates(), 2)).hasSize(2);
        assertThat(options.caCertificates()).startsWith("-----BEGIN CERTIFICATE-----\n");
        assertThat(Pem.key(options.identity().key().value())).isEqualTo(Pem.key(key));
        assertThat(Pem.certificates(options.identity().certificates(), 1)).isEqualTo(Pem.certificates(certificate, 1));
    }

    @Test
    void changesOfTheEndpointAndOfItsPolicyKeepIt() throws Exception {
        // Given
        call("PUT", path, whole().encode()).expect(200);
        TlsOptions before = stored().tls();

        // When
        String own = "/app/shop/endpoint/" + endpoint;
        call("PUT", own, "{\"url\": \"https://example.com/other\"}").expect(200);
        call("PUT", own + "/policy", "{\"maxInFlight\": 3}").expect(200);
        call("DELETE", own + "/policy", null).expect(204);

        // Then
        assertThat(stored().tls()).isEqualTo(before);
    }

    @Test
    void aPutReplacesAllAndADeleteLeavesNothing() throws Exception {
        call("PUT", path, whole().encode()).expect(200);

        call("PUT", path, "{\"minVersion\": \"1.2\"}").expect(200);
        assertThat(stored().tls()).isEqualTo(new TlsOptions(TlsVersion.TLS_1_2, null, null));

        call("PUT", path, "{}").expect(200);
        assertThat(stored().tls()).isNull();

        call("PUT", path, whole().encode()).expect(200);
        call("DELETE", path, null).expect(204);
        assertThat(stored().tls()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minVersion | 1.1 | expected 1.2 or 1.3",
                "ca | nothing | expected certificates in PEM, from -----BEGIN CERTIFICATE----- on",
                "ca | -----BEGIN CERTIFICATE-----AAAA | a block of PEM has no end",
                "ca | -----BEGIN CERTIFICATE-----*-----END CERTIFICATE----- | a block of PEM is not base64",
                "ca | -----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE----- | certificate 1 cannot be read",
                "ca | -----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY----- | expected certificates only",
                "key | -----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY----- | expected a private key of RSA or of an elliptic curve (EC)",
            })
    void refusesWhatCannotBeReadAndNamesIt(String field, String value, String message) throws Exception {
        assertThat(problems(whole().put(field, value))).containsExactly(field + ": " + message);
    }

    @Test
    void refusesKeysThatAreNotThatOfTheCertificate() throws Exception {
        // Given
        String other = Files.readString(Path.of(authority.privateKeyPath()));
        String curve = key("EC", 256);
        String old = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----";
        String pkcs8 = "expected one private key in PEM as PKCS#8 and not encrypted, from -----BEGIN PRIVATE KEY-----"
                + " on; openssl pkcs8 -topk8 -nocrypt writes it";

        // Then
        String mismatch = "key: expected the private key of the first certificate";
        assertThat(problems(whole().put("key", other))).containsExactly(mismatch);
        assertThat(problems(whole().put("key", curve))).containsExactly(mismatch);
        assertThat(problems(whole().put("key", old))).containsExactly("key: " + pkcs8);
        assertThat(problems(whole().put("key", key + key))).containsExactly("key: " + pkcs8);
        assertThat(problems(whole().put("key", key("RSA", 1024))))
                .containsExactly("key: expected an RSA key of 2048 to 8192 bits");
    }

    @Test
    void refusesAKeyWithoutCertificateAndTheReverse() throws Exception {
        assertThat(problems(new JsonObject().put("key", key)))
                .containsExactly("certificate: expected the certificate of the key");
        assertThat(problems(new JsonObject().put("certificate", certificate)))
                .containsExactly("key: expected the private key of the certificate");
    }

    @Test
    void refusesMoreThanThereMayBe() throws Exception {
        assertThat(problems(new JsonObject().put("ca", ca.repeat(33))))
                .containsExactly("ca: expected at most 32 certificates");
        assertThat(problems(new JsonObject().put("ca", " ".repeat(49_153))))
                .containsExactly("ca: expected at most 49152 characters");
        assertThat(problems(whole().put("certificate", certificate.repeat(11))))
                .containsExactly("certificate: expected at most 10 certificates");
        assertThat(problems(whole().put("key", " ".repeat(16_385))))
                .containsExactly("key: expected at most 16384 characters");
        assertThat(stored()).isEqualTo(Sending.AS_CONFIGURED);
    }

    @Test
    void anEndpointThatIsNotThereHasNone() throws Exception {
        get("/app/shop/endpoint/nobody/tls").expect(404);
        call("PUT", "/app/shop/endpoint/nobody/tls", "{}").expect(404);
    }

    private List<String> problems(JsonObject body) throws Exception {
        JsonArray detail = call("PUT", path, body.encode()).expect(422).json().getJsonArray("detail");
        return detail.stream()
                .map(JsonObject.class::cast)
                .map(item -> item.getJsonArray("loc").getString(1) + ": " + item.getString("msg"))
                .toList();
    }

    private static String key(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(encoded)
                + "\n-----END PRIVATE KEY-----\n";
    }
}
