package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.EndpointAuth.ClientAuthentication;
import io.posthorn.contract.Secret;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a token endpoint is sent, and what its answers mean. */
class TokenMessagesTest {
    @Test
    void clientShowsItselfByTheHeader() {
        TokenForm form = TokenForm.of(credentials(ClientAuthentication.BASIC));

        // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
        String header = String.valueOf(form.authorization());
        assertThat(header).startsWith("Basic ");
        assertThat(new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8))
                .isEqualTo("cli%3Aent:s%26cret+%C3%A4");
        assertThat(form.body())
                .isEqualTo("grant_type=client_credentials&scope=read+write&audience=urn%3Aapi&resource=a%3Db%26c");
        assertThat(form).hasToString("[redacted]");
    }

    @Test
    void clientShowsItselfInTheBody() {
        TokenForm form = TokenForm.of(credentials(ClientAuthentication.BODY));

        assertThat(form.authorization()).isNull();
        assertThat(form.body()).endsWith("&client_id=cli%3Aent&client_secret=s%26cret+%C3%A4");
    }

    @Test
    void nothingIsAskedForThatIsNotSet() {
        TokenForm form = TokenForm.of(new EndpointAuth.OAuth2(
                "https://id.example.com/",
                "c",
                new Secret("s"),
                List.of(),
                null,
                Map.of(),
                ClientAuthentication.BASIC));

        assertThat(form.body()).isEqualTo("grant_type=client_credentials");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            nullValues = "unsaid",
            value = {
                "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":60} | 60",
                "{\"access_token\":\"abc\",\"token_type\":\"bearer\",\"expires_in\":\"90\"} | 90",
                "{\"access_token\":\"abc\",\"expires_in\":1.5} | 1",
                "{\"access_token\":\"abc\",\"expires_in\":-5} | 0",
                "{\"access_token\":\"abc\",\"expires_in\":1e300} | 86400",
                "{\"access_token\":\"abc\",\"expires_in\":\"NaN\"} | unsaid",
                "{\"access_token\":\"abc\",\"expires_in\":\"soon\"} | unsaid",
                "{\"access_token\":\"abc\",\"expires_in\":null} | unsaid",
                "{\"access_token\":\"abc\"} | unsaid"
            })
    void readsATokenAndHowLongItIsValid(String answer, Long seconds) {
        AccessTokens.AccessToken token = TokenAnswer.read(200, Buffer.buffer(answer));

        assertThat(token.value()).isEqualTo("abc");
        assertThat(token.validFor()).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "503 | down, hidden | token endpoint answered 503",
                "302 | {\"access_token\":\"hidden\"} | token endpoint answered 302",
                "400 | {\"error\":\"invalid_scope\",\"error_description\":\"hidden\"} | token endpoint answered 400 (invalid_scope)",
                "401 | {\"error\":\"hidden\"} | token endpoint answered 401",
                "401 | {\"error\":[\"hidden\"]} | token endpoint answered 401",
                "200 | hidden | token endpoint answered no JSON object",
                "200 | [\"hidden\"] | token endpoint answered no JSON object",
                "200 | null | token endpoint answered no JSON object",
                "200 | {\"token\":\"hidden\"} | token endpoint answered without a usable access_token",
                "200 | {\"access_token\":\"\"} | token endpoint answered without a usable access_token",
                "200 | {\"access_token\":5} | token endpoint answered without a usable access_token",
                "200 | {\"access_token\":\"hidden\\r\\nx-a: b\"} | token endpoint answered without a usable access_token",
                "200 | {\"access_token\":\"hidden\",\"token_type\":\"mac\"} | token endpoint answered with a token of another type than bearer"
            })
    void saysWhyThereIsNoneAndNothingElseOfTheAnswer(int status, String answer, String why) {
        assertThatThrownBy(() -> TokenAnswer.read(status, Buffer.buffer(answer)))
                .isInstanceOf(AccessTokens.TokenRefused.class)
                .hasMessage(why);
    }

    @Test
    void refusesATokenThatIsTooLongForAHeader() {
        String token = "t".repeat(8 * 1024);

        assertThat(TokenAnswer.read(200, Buffer.buffer("{\"access_token\":\"" + token + "\"}"))
                        .value())
                .isEqualTo(token);
        assertThatThrownBy(() -> TokenAnswer.read(200, Buffer.buffer("{\"access_token\":\"" + token + "t\"}")))
                .hasMessage("token endpoint answered without a usable access_token");
    }

    private static EndpointAuth.OAuth2 credentials(ClientAuthentication authentication) {
        return new EndpointAuth.OAuth2(
                "https://id.example.com/token",
                "cli:ent",
                new Secret("s&cret ä"),
                List.of("read", "write"),
                "urn:api",
                Map.of("resource", new Secret("a=b&c")),
                authentication);
    }
}
