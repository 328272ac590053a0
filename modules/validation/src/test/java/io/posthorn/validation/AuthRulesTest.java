package io.posthorn.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.EndpointAuth.ClientAuthentication;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Problem;
import io.posthorn.contract.Secret;
import io.posthorn.contract.Sending;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthRulesTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final EndpointAuth BEARER = new EndpointAuth.Bearer(new Secret("abc.def-123~+/="));

    @Test
    void acceptsWhatIsInOrder() {
        assertThat(places(BEARER)).isEmpty();
        assertThat(places(new EndpointAuth.Basic("", new Secret("key")))).isEmpty();
        assertThat(places(new EndpointAuth.Basic("u", new Secret("pä:ss w")))).isEmpty();
        assertThat(places(oauth2("https://id.example.com/token", List.of("a", "b:c"), Map.of("resource", "urn:x"))))
                .isEmpty();
    }

    @Test
    void refusesUsersAndPasswordsThatAHeaderCannotCarry() {
        assertThat(places(new EndpointAuth.Basic("a:b", new Secret("x")))).containsExactly("user");
        assertThat(places(new EndpointAuth.Basic("", new Secret("")))).containsExactly("user");
        assertThat(places(new EndpointAuth.Basic("u".repeat(257), new Secret("p".repeat(1_025)))))
                .containsExactly("user", "password");
        assertThat(places(new EndpointAuth.Basic("u", new Secret("a\r\nb")))).containsExactly("password");
    }

    @Test
    void refusesTokensThatAHeaderCannotCarry() {
        for (String token : List.of("", "two words", "a\r\nx: y", "ü", "t".repeat(4_097))) {
            assertThat(places(new EndpointAuth.Bearer(new Secret(token)))).containsExactly("token");
        }
    }

    @Test
    void refusesClientsThatCannotBe() {
        assertThat(places(new EndpointAuth.OAuth2(
                        "ftp://id.example.com/",
                        "",
                        new Secret(""),
                        List.of("a b", "c\"d", ""),
                        "",
                        Map.of("grant_type", new Secret("password")),
                        ClientAuthentication.BASIC)))
                .containsExactly(
                        "tokenUrl", "clientId", "clientSecret", "scopes", "scopes", "scopes", "audience", "parameters");
        assertThat(places(oauth2("https://u:p@id.example.com/", List.of(), Map.of())))
                .containsExactly("tokenUrl");
        assertThat(places(oauth2("https://id.example.com/", Collections.nCopies(21, "a"), Map.of())))
                .containsExactly("scopes");
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 11; i++) {
            many.put("p" + i, "v");
        }
        assertThat(places(oauth2("https://id.example.com/", List.of(), many))).containsExactly("parameters");
        assertThat(places(oauth2("https://id.example.com/", List.of(), Map.of("a b", "v"))))
                .containsExactly("parameters");
        assertThat(places(oauth2("https://id.example.com/", List.of(), Map.of("a", "v".repeat(1_025)))))
                .containsExactly("parameters");
    }

    @Test
    void tokenEndpointNeedsHttpsWhereEndpointsDo() {
        // Given
        EndpointAuth plain = oauth2("http://id.example.com/", List.of(), Map.of());
        EntityCheck strict =
                new EntityCheck(Configs.of(1_000, 20, true), new EventSchemas(ValidationConfig.defaults()));

        // Then
        assertThat(places(plain)).isEmpty();
        assertThat(strict.check(endpoint(plain, Map.of())))
                .extracting(Problem::place)
                .containsExactly(List.of("body", "tokenUrl"));
    }

    @Test
    void refusesAHeaderAuthorizationBesideAnAuthentication() {
        assertThat(check(BEARER, Map.of("AUTHORIZATION", "Basic eDp5", "x-a", "1")))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.place()).containsExactly("body", "headers", "AUTHORIZATION");
                    assertThat(problem.message())
                            .contains("remove one of the two")
                            .doesNotContain("eDp5");
                });
        assertThat(check(null, Map.of("Authorization", "Basic eDp5"))).isEmpty();
    }

    @Test
    void tellsNoSecret() {
        List<Problem> problems =
                check(new EndpointAuth.Basic("u", new Secret("hidden\n" + "x".repeat(2_000))), Map.of());

        assertThat(problems)
                .isNotEmpty()
                .noneMatch(problem -> problem.toString().contains("hidden"));
    }

    private static EndpointAuth oauth2(String url, List<String> scopes, Map<String, String> parameters) {
        Map<String, Secret> secrets = new HashMap<>();
        parameters.forEach((name, value) -> secrets.put(name, new Secret(value)));
        return new EndpointAuth.OAuth2(
                url, "client", new Secret("secret"), scopes, "urn:audience", secrets, ClientAuthentication.BODY);
    }

    private static List<String> places(EndpointAuth auth) {
        return check(auth, Map.of()).stream()
                .map(problem -> problem.place().get(1))
                .toList();
    }

    private static List<Problem> check(EndpointAuth auth, Map<String, String> headers) {
        return new EntityCheck(ValidationConfig.defaults(), new EventSchemas(ValidationConfig.defaults()))
                .check(endpoint(auth, headers));
    }

    private static Endpoint endpoint(EndpointAuth auth, Map<String, String> headers) {
        return new Endpoint(
                EndpointId.at(NOW.toEpochMilli()),
                ApplicationId.at(NOW.toEpochMilli()),
                null,
                "https://receiver.example.com/hook",
                "",
                null,
                false,
                null,
                null,
                Map.of(),
                headers,
                List.of(),
                Sending.AS_CONFIGURED.withAuthentication(auth),
                null,
                NOW,
                NOW,
                0);
    }
}
