package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Keys;
import io.posthorn.config.ConfigException;
import io.posthorn.config.IngestionConfig;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Secret;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final Secret SECRET = new Secret("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");

    private final TestClock clock = new TestClock();

    private Authentication with(Secret secret, String publicKey) {
        return new Authentication(
                new IngestionConfig(
                        "h", 0, 1024, 1, Duration.ofSeconds(1), 1, secret, publicKey, null, Duration.ofSeconds(60)),
                clock);
    }

    private static String unsigned(String header, String claims) {
        return BASE64.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + BASE64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    }

    private static String hmac(String algorithm, String header, String claims, byte[] key) throws Exception {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        String text = unsigned(header, claims);
        return text + "." + BASE64.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private void refuses(Authentication authentication, String token, ErrorCode code) {
        assertThatExceptionOfType(PosthornException.class)
                .isThrownBy(() -> authentication.authenticate("Bearer " + token))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void acceptsATokenThatWasSignedByHand() throws Exception {
        String token = hmac(
                "HmacSHA256",
                "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                "{\"sub\":\"org_abc\"}",
                SECRET.value().getBytes(StandardCharsets.UTF_8));
        Caller caller = with(SECRET, null).authenticate("bearer " + token);
        assertThat(caller.organization()).isEqualTo(new OrganizationId("org_abc"));
        assertThat(caller.isOrganization()).isTrue();
    }

    @Test
    void acceptsEdDsaTokensOfThePublicKey() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String text = unsigned("{\"alg\":\"EdDSA\"}", "{\"sub\":\"org_abc\"}");
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        String token = text + "." + BASE64.encodeToString(signature.sign());
        assertThat(with(null, pem(pair))
                        .authenticate("Bearer " + token)
                        .organization()
                        .value())
                .isEqualTo("org_abc");
        refuses(with(SECRET, null), token, ErrorCode.AUTHENTICATION_FAILED);
    }

    @Test
    void thePublicKeyIsNoSecret() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String header = "{\"alg\":\"HS256\"}";
        String claims = "{\"sub\":\"org_abc\"}";
        Authentication authentication = with(null, pem(pair));
        refuses(
                authentication,
                hmac("HmacSHA256", header, claims, pair.getPublic().getEncoded()),
                ErrorCode.AUTHENTICATION_FAILED);
        refuses(
                authentication,
                hmac("HmacSHA256", header, claims, pem(pair).getBytes(StandardCharsets.UTF_8)),
                ErrorCode.AUTHENTICATION_FAILED);
    }

    @Test
    void refusesOtherAlgorithms() throws Exception {
        byte[] key = SECRET.value().getBytes(StandardCharsets.UTF_8);
        Authentication authentication = with(SECRET, null);
        refuses(
                authentication,
                hmac("HmacSHA512", "{\"alg\":\"HS512\"}", "{\"sub\":\"org_abc\"}", key),
                ErrorCode.AUTHENTICATION_FAILED);
        refuses(
                authentication,
                unsigned("{\"alg\":\"none\"}", "{\"sub\":\"org_abc\"}") + ".",
                ErrorCode.AUTHENTICATION_FAILED);
        refuses(
                with(null, null),
                hmac("HmacSHA256", "{\"alg\":\"HS256\"}", "{\"sub\":\"org_abc\"}", key),
                ErrorCode.AUTHENTICATION_FAILED);
    }

    @Test
    void looksAtTheTimesOfAToken() {
        Authentication authentication = with(SECRET, null);
        String later = Jwts.builder()
                .subject("org_abc")
                .notBefore(Date.from(clock.instant().plusSeconds(10)))
                .signWith(Keys.hmacShaKeyFor(SECRET.value().getBytes(StandardCharsets.UTF_8)), Jwts.SIG.HS256)
                .compact();
        refuses(authentication, later, ErrorCode.AUTHENTICATION_FAILED);
        clock.advance(Duration.ofSeconds(11));
        assertThat(authentication.authenticate("Bearer " + later).isOrganization())
                .isTrue();
    }

    @Test
    void refusesStrangeClaims() throws Exception {
        byte[] key = SECRET.value().getBytes(StandardCharsets.UTF_8);
        Authentication authentication = with(SECRET, null);
        String header = "{\"alg\":\"HS256\"}";
        refuses(authentication, hmac("HmacSHA256", header, "{}", key), ErrorCode.AUTHENTICATION_FAILED);
        refuses(authentication, hmac("HmacSHA256", header, "{\"sub\":\"me\"}", key), ErrorCode.BAD_TOKEN);
        refuses(
                authentication,
                hmac("HmacSHA256", header, "{\"sub\":\"app_x\",\"org\":\"org_a\"}", key),
                ErrorCode.BAD_TOKEN);
        refuses(
                authentication,
                hmac("HmacSHA256", header, "{\"sub\":\"org_a\",\"org\":\"org_b\"}", key),
                ErrorCode.BAD_TOKEN);
    }

    @Test
    void refusesWeakSecretsAndKeysOfOtherKinds() {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> with(new Secret("short"), null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(null, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenIssuer.organizationToken(
                        new Secret("short"), OrganizationId.DEFAULT, Duration.ofDays(1), clock.instant()));
    }
}
