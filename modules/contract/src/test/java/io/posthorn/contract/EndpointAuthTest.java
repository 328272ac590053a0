package io.posthorn.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointAuthTest {
    @Test
    void showsNoSecret() {
        Sending sending = Sending.AS_CONFIGURED.withAuthentication(oauth2(Map.of("pin", new Secret("hidden-4"))));

        assertThat(new EndpointAuth.Basic("user", new Secret("hidden-1")))
                .asString()
                .doesNotContain("hidden");
        assertThat(new EndpointAuth.Bearer(new Secret("hidden-2"))).asString().doesNotContain("hidden");
        assertThat(sending).asString().contains("OAuth2", "client", "pin").doesNotContain("hidden");
    }

    @Test
    void whatANeighbourDidNotSendIsEmpty() {
        EndpointAuth.OAuth2 bare =
                new EndpointAuth.OAuth2("https://example.com/", "c", new Secret("s"), null, null, null, null);

        assertThat(bare.scopes()).isEmpty();
        assertThat(bare.parameters()).isEmpty();
        assertThat(bare.clientAuthentication()).isEqualTo(EndpointAuth.ClientAuthentication.BASIC);
    }

    @Test
    void changesAlone() {
        Sending usual = Sending.AS_CONFIGURED.withMaxInFlight(3);
        EndpointAuth bearer = new EndpointAuth.Bearer(new Secret("t"));

        assertThat(usual.withAuthentication(bearer)
                        .withThrottle(null)
                        .withRetryPolicy(null)
                        .withTimeout(null))
                .isEqualTo(new Sending(null, null, null, null, 3, null, bearer, null));
        assertThat(usual.withAuthentication(bearer).withAuthentication(null)).isEqualTo(usual);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "Proxy-Authorization",
                "X-Auth-Token",
                "X-API-Key",
                "api_key",
                "Cookie",
                "X-Client-Secret",
                "x-access-key",
                "X-Password",
                "WWW-Authenticate"
            })
    void namesOfSecretsAreKnown(String name) {
        assertThat(CustomHeaders.isSensitive(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Tenant", "X-Author", "X-Keyboard", "Idempotency-Key", "Accept"})
    void otherNamesAreShown(String name) {
        assertThat(CustomHeaders.isSensitive(name)).isFalse();
    }

    private static EndpointAuth oauth2(Map<String, Secret> parameters) {
        return new EndpointAuth.OAuth2(
                "https://example.com/token?key=hidden-3",
                "client",
                new Secret("hidden-5"),
                List.of("read"),
                null,
                parameters,
                EndpointAuth.ClientAuthentication.BODY);
    }
}
