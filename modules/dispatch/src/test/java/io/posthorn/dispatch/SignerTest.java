package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointSecret;
import io.posthorn.contract.Secret;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vectors are those of the Standard Webhooks reference libraries. */
class SignerTest {
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final Instant AT = Instant.ofEpochSecond(1614265330);
    private static final Buffer BODY = Buffer.buffer("{\"test\": 2432232314}");
    private static final String V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final String ED25519_KEY =
            "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
    private static final String V1A =
            "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

    private final Signer signer = new Signer();

    @Test
    void makesTheReferenceSignatures() {
        assertThat(signer.sign(withKeys(Samples.HMAC_KEY), ID, AT, BODY)).isEqualTo(V1);
        assertThat(signer.sign(withKeys(ED25519_KEY), ID, AT, BODY)).isEqualTo(V1A);
        assertThat(signer.sign(
                        withKeys("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
                        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
                        Instant.ofEpochSecond(1649367553),
                        Buffer.buffer("{\"email\":\"test@example.com\",\"username\":\"test_user\"}")))
                .isEqualTo("v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
    }

    @Test
    void signsWithEveryLiveKeyInOrderAndReusesPreparedKeys() {
        // Given
        Endpoint both = withKeys(Samples.HMAC_KEY, ED25519_KEY);

        // Then
        assertThat(signer.sign(both, ID, AT, BODY)).isEqualTo(V1 + " " + V1A);
        assertThat(signer.sign(both, ID, AT, BODY)).isEqualTo(V1 + " " + V1A);
    }

    @Test
    void leavesOutAKeyWhoseGraceHasEnded() {
        // Given
        Endpoint rotated = withKeys(Samples.HMAC_KEY)
                .withSecrets(
                        List.of(
                                new EndpointSecret(new Secret(ED25519_KEY), null),
                                new EndpointSecret(new Secret(Samples.HMAC_KEY), AT)),
                        AT);

        // Then
        assertThat(signer.sign(rotated, ID, AT.minusSeconds(1), BODY))
                .startsWith("v1a,")
                .contains(" v1,");
        assertThat(signer.sign(rotated, ID, AT, BODY)).isEqualTo(V1A);
    }

    @Test
    void takesUpNewKeysOfAChangedEndpoint() {
        // Given
        Endpoint before = withKeys(Samples.HMAC_KEY);
        assertThat(signer.sign(before, ID, AT, BODY)).isEqualTo(V1);

        // When
        Endpoint after = before.withSecrets(List.of(new EndpointSecret(new Secret(ED25519_KEY), null)), AT)
                .withVersion(2);

        // Then
        assertThat(signer.sign(after, ID, AT, BODY)).isEqualTo(V1A);
    }

    @Test
    void refusesToSendUnsigned() {
        assertThatThrownBy(() -> signer.sign(withKeys(), ID, AT, BODY)).isInstanceOf(IllegalArgumentException.class);
        for (String bad : List.of("plain", "whsec_***", "whsk_AAAA")) {
            assertThatThrownBy(() -> signer.sign(withKeys(bad), ID, AT, BODY))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(bad);
        }
    }

    private static Endpoint withKeys(String... keys) {
        return Samples.endpoint("https://example.com/", null, null, null, keys);
    }
}
