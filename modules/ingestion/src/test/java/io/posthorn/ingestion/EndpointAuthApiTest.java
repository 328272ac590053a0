package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.EndpointAuth.ClientAuthentication;
import io.posthorn.contract.Problem;
import io.posthorn.contract.Secret;
import io.posthorn.contract.Sending;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointAuthApiTest extends ApiTestBase {
    private static final String OAUTH = """
            {"type": "oauth2", "tokenUrl": "https://id.example.com/token", "clientId": "client", "clientSecret": "hidden-1",
             "scopes": ["b", "a", "b"], "audience": "urn:api", "clientAuthentication": "body",
             "parameters": {"resource": "urn:r", "partner_token": "hidden-2"}}""";

    private String endpoint;
    private String path;

    @BeforeEach
    void makeEndpoint() throws Exception {
        application("shop");
        endpoint = endpoint("shop");
        path = "/app/shop/endpoint/" + endpoint + "/authentication";
    }

    private EndpointAuth stored() {
        return storage.endpoint(endpoint).sending().authentication();
    }

    @Test
    void hasNoneAtFirst() throws Exception {
        assertThat(get(path).expect(200).json())
                .isEqualTo(new JsonObject().put("type", "none").put("sensitive", new JsonArray()));
    }

    @Test
    void keepsUserAndPasswordAndShowsTheUser() throws Exception {
        // When
        Answer answer = call("PUT", path, "{\"type\": \"basic\", \"user\": \"u\", \"password\": \"hidden\"}")
                .expect(200);

        // Then
        assertThat(stored()).isEqualTo(new EndpointAuth.Basic("u", new Secret("hidden")));
        assertThat(answer.json())
                .isEqualTo(new JsonObject()
                        .put("type", "basic")
                        .put("user", "u")
                        .put("sensitive", new JsonArray().add("password")));
        assertThat(get(path).expect(200).json()).isEqualTo(answer.json());
    }

    @Test
    void keepsAStaticToken() throws Exception {
        Answer answer = call("PUT", path, "{\"type\": \"bearer\", \"token\": \"hidden\"}")
                .expect(200);

        assertThat(stored()).isEqualTo(new EndpointAuth.Bearer(new Secret("hidden")));
        assertThat(answer.json())
                .isEqualTo(new JsonObject().put("type", "bearer").put("sensitive", new JsonArray().add("token")));
    }

    @Test
    void keepsClientCredentialsAndShowsWhatIsNoSecret() throws Exception {
        // When
        Answer answer = call("PUT", path, OAUTH).expect(200);

        // Then
        assertThat(stored())
                .isEqualTo(new EndpointAuth.OAuth2(
                        "https://id.example.com/token",
                        "client",
                        new Secret("hidden-1"),
                        List.of("b", "a"),
                        "urn:api",
                        Map.of("resource", new Secret("urn:r"), "partner_token", new Secret("hidden-2")),
                        ClientAuthentication.BODY));
        assertThat(answer.text()).doesNotContain("hidden");
        assertThat(answer.json())
                .isEqualTo(new JsonObject()
                        .put("type", "oauth2")
                        .put("tokenUrl", "https://id.example.com/token")
                        .put("clientId", "client")
                        .put("scopes", new JsonArray().add("b").add("a"))
                        .put("audience", "urn:api")
                        .put("parameters", new JsonObject().put("resource", "urn:r"))
                        .put("clientAuthentication", "body")
                        .put("sensitive", new JsonArray().add("clientSecret").add("parameters.partner_token")));
    }

    @Test
    void whatMayBeLeftOutHasDefaults() throws Exception {
        JsonObject answer = call(
                        "PUT",
                        path,
                        "{\"type\": \"oauth2\", \"tokenUrl\": \"https://a.example.com/\", \"clientId\": \"c\", \"clientSecret\": \"s\"}")
                .expect(200)
                .json();

        assertThat(answer.getJsonArray("scopes")).isEmpty();
        assertThat(answer.getJsonObject("parameters")).isEmpty();
        assertThat(answer.getValue("audience")).isNull();
        assertThat(answer.getString("clientAuthentication")).isEqualTo("basic");
    }

    @Test
    void answersHaveTheFieldsThatTheContractKnows() throws Exception {
        JsonObject schema = get("/openapi.json")
                .json()
                .getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject("EndpointAuthenticationOut");

        assertThat(schema.getJsonObject("properties").fieldNames())
                .containsAll(call("PUT", path, OAUTH).expect(200).json().fieldNames())
                .containsAll(call("PUT", path, "{\"type\": \"basic\", \"user\": \"u\", \"password\": \"p\"}")
                        .json()
                        .fieldNames());
    }

    @Test
    void noOtherAnswerTellsIt() throws Exception {
        call("PUT", path, OAUTH).expect(200);
        String own = "/app/shop/endpoint/" + endpoint;

        for (String shown : List.of(own, own + "/policy", own + "/headers", "/app/shop/endpoint")) {
            assertThat(get(shown).expect(200).text()).doesNotContain("hidden", "id.example.com");
        }
    }

    @Test
    void changesOfTheEndpointKeepItAndADeleteRemovesOnlyIt() throws Exception {
        // Given
        call("PUT", path, OAUTH).expect(200);
        EndpointAuth before = stored();
        String own = "/app/shop/endpoint/" + endpoint;

        // When
        call("PUT", own, "{\"url\": \"https://example.com/other\"}").expect(200);
        call("PATCH", own, "{\"description\": \"other\"}").expect(200);
        call("PUT", own + "/policy", "{\"maxInFlight\": 3}").expect(200);
        call("PUT", own + "/headers", "{\"headers\": {\"x-a\": \"1\"}}").expect(204);

        // Then
        assertThat(stored()).isEqualTo(before);

        // When
        call("DELETE", path, null).expect(204);

        // Then
        assertThat(storage.endpoint(endpoint).sending()).isEqualTo(Sending.AS_CONFIGURED.withMaxInFlight(3));
        assertThat(get(path).json().getString("type")).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{} | [\"body\",\"type\"]",
                "{\"type\": \"none\"} | [\"body\",\"type\"]",
                "{\"type\": \"Basic\", \"user\": \"u\", \"password\": \"hidden\"} | [\"body\",\"type\"]",
                "{\"type\": \"basic\", \"password\": \"hidden\"} | [\"body\",\"user\"]",
                "{\"type\": \"basic\", \"user\": \"u\", \"password\": [\"hidden\"]} | [\"body\",\"password\"]",
                "{\"type\": \"bearer\"} | [\"body\",\"token\"]",
                "{\"type\": \"oauth2\", \"tokenUrl\": \"https://a\", \"clientId\": \"c\"} | [\"body\",\"clientSecret\"]",
                "{\"type\": \"oauth2\", \"tokenUrl\": \"https://a\", \"clientId\": \"c\", \"clientSecret\": \"hidden\", \"scopes\": \"a\"} | [\"body\",\"scopes\"]",
                "{\"type\": \"oauth2\", \"tokenUrl\": \"https://a\", \"clientId\": \"c\", \"clientSecret\": \"hidden\", \"parameters\": {\"a\": 1}} | [\"body\",\"parameters\",\"a\"]",
                "{\"type\": \"oauth2\", \"tokenUrl\": \"https://a\", \"clientId\": \"c\", \"clientSecret\": \"hidden\", \"clientAuthentication\": \"jwt\"} | [\"body\",\"clientAuthentication\"]",
            })
    void refusesWhatItCannotReadAndNamesIt(String body, String place) throws Exception {
        Answer answer = call("PUT", path, body).expect(422);

        assertThat(answer.json().getJsonArray("detail").stream()
                        .map(item -> ((JsonObject) item).getJsonArray("loc").encode()))
                .containsExactly(place);
        assertThat(answer.text()).doesNotContain("hidden");
        assertThat(stored()).isNull();
    }

    @Test
    void whatTheCheckRefusesIsNotStored() throws Exception {
        neighbours.entityProblems = List.of(Problem.value("remove one of the two", "body", "headers", "Authorization"));

        assertThat(call("PUT", path, OAUTH).expect(422).text()).contains("remove one of the two");

        assertThat(stored()).isNull();
    }

    @Test
    void anEndpointThatIsNotThereHasNone() throws Exception {
        get("/app/shop/endpoint/nobody/authentication").expect(404);
        call("PUT", "/app/shop/endpoint/nobody/authentication", "{\"type\": \"bearer\", \"token\": \"t\"}")
                .expect(404);
    }
}
