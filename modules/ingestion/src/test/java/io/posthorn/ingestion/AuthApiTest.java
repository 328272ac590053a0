package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.OrganizationId;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthApiTest extends ApiTestBase {
    private String organizationToken;

    private void actAsApplication(String uid) throws Exception {
        organizationToken = token;
        token = post("/auth/app-portal-access/" + uid, "{\"featureFlags\":[\"beta\"]}")
                .expect(200)
                .json()
                .getString("token");
    }

    @Test
    void withoutAGoodTokenNothingIsTold() throws Exception {
        String good = token;
        for (String bad : new String[] {"", "x", good + "x", SECRET.value()}) {
            token = bad;
            Answer refused = get("/app").expect(401);
            assertThat(refused.json().getString("code")).isEqualTo("authentication_failed");
            assertThat(refused.response().headers().firstValue("www-authenticate"))
                    .hasValue("Bearer");
        }
        assertThat(get("/app").text()).contains("this is the secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /app                                | 403",
                "POST   | /app                                | 403",
                "PUT    | /app/mine                           | 403",
                "PATCH  | /app/mine                           | 403",
                "DELETE | /app/mine                           | 403",
                "POST   | /app/mine/msg                       | 403",
                "POST   | /app/mine/endpoint/e/send-example   | 403",
                "POST   | /event-type                         | 403",
                "PUT    | /event-type/t                       | 403",
                "PATCH  | /event-type/t                       | 403",
                "DELETE | /event-type/t                       | 403",
                "POST   | /auth/app-portal-access/mine        | 403",
                "POST   | /auth/dashboard-access/mine         | 403",
                "GET    | /app/mine                           | 200",
                "GET    | /app/mine/endpoint                  | 200",
                "GET    | /app/mine/msg                       | 200",
                "GET    | /event-type                         | 200",
                "POST   | /auth/logout                        | 204",
                "GET    | /app/other                          | 404",
                "GET    | /app/other/endpoint                 | 404",
                "GET    | /app/other/msg                      | 404",
                "GET    | /app/other/msg/m/endpoint           | 404",
                "GET    | /app/other/attempt/msg/m            | 404",
                "DELETE | /app/other/endpoint/e               | 404",
            })
    void anApplicationTokenMayDoThisMuch(String method, String path, int status) throws Exception {
        // Given
        application("mine");
        application("other");
        actAsApplication("mine");

        // Then
        String body = method.equals("GET") || method.equals("DELETE") ? null : "{}";
        call(method, path, body).expect(status);
    }

    @Test
    void anApplicationTokenManagesItsEndpoints() throws Exception {
        application("mine");
        actAsApplication("mine");
        String id = endpoint("mine");
        call("PATCH", "/app/mine/endpoint/" + id, "{\"description\":\"d\"}").expect(200);
        post("/app/mine/endpoint/" + id + "/secret/rotate", null).expect(204);
        get("/app/mine/endpoint/" + id + "/secret").expect(200);
        call("DELETE", "/app/mine/endpoint/" + id, null).expect(204);
    }

    @Test
    void anApplicationTokenSeesTheEventTypesOfItsFlags() throws Exception {
        // Given
        application("mine");
        post("/event-type", "{\"name\":\"open\",\"description\":\"\"}").expect(201);
        post("/event-type", "{\"name\":\"mine\",\"description\":\"\",\"featureFlag\":\"beta\"}")
                .expect(201);
        post("/event-type", "{\"name\":\"hidden\",\"description\":\"\",\"featureFlag\":\"alpha\"}")
                .expect(201);
        actAsApplication("mine");

        // Then
        assertThat(get("/event-type").json().getJsonArray("data").stream()
                        .map(item -> ((JsonObject) item).getString("name")))
                .containsExactly("mine", "open");
        get("/event-type/mine").expect(200);
        get("/event-type/hidden").expect(404);
        token = organizationToken;
        get("/event-type/hidden").expect(200);
    }

    @Test
    void anotherOrganizationSeesNothing() throws Exception {
        application("mine");
        token = TokenIssuer.organizationToken(
                SECRET, new OrganizationId("org_other"), Duration.ofDays(1), clock.instant());
        get("/app/mine").expect(404);
    }

    @Test
    void portalAccessMakesTheApplicationItIsGiven() throws Exception {
        JsonObject access = post(
                        "/auth/app-portal-access/fresh", "{\"application\":{\"name\":\"N\",\"uid\":\"fresh\"}}")
                .expect(200)
                .json();
        assertThat(access.getString("url")).startsWith("http://127.0.0.1:" + port + "/api/v1/app/app_");
        token = access.getString("token");
        get("/app/fresh").expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth/dashboard-access/none", "/auth/app-portal-access/none"})
    void noAccessToWhatIsNotThere(String path) throws Exception {
        post(path, null).expect(404);
    }

    @Test
    void dashboardAccessNeedsNoBody() throws Exception {
        application("mine");
        post("/auth/dashboard-access/mine", null).expect(200);
    }

    @Test
    void aTokenEndsWithItsTime() throws Exception {
        token = TokenIssuer.applicationToken(
                SECRET, OrganizationId.DEFAULT, ApplicationId.at(0), Set.of(), Duration.ofMinutes(1), clock.instant());
        get("/event-type").expect(200);
        clock.advance(Duration.ofMinutes(1));
        get("/event-type").expect(401);
    }
}
