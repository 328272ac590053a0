package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Problem;
import io.posthorn.contract.Removal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApplicationApiTest extends ApiTestBase {
    @Test
    void createsReadsAndDeletes() throws Exception {
        // Given
        JsonObject made = post("/app", "{\"name\":\"N\",\"uid\":\"u-1\",\"rateLimit\":7,\"metadata\":{\"k\":\"v\"}}")
                .expect(201)
                .json();

        // Then
        assertThat(made.getString("id")).startsWith("app_");
        assertThat(made.getInteger("throttleRate")).isEqualTo(7);
        assertThat(made.getInteger("rateLimit")).isEqualTo(7);
        assertThat(made.getJsonObject("metadata")).isEqualTo(new JsonObject().put("k", "v"));
        assertThat(made.getString("createdAt")).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(get("/app/u-1").expect(200).json()).isEqualTo(made);
        assertThat(get("/app/u-1/").expect(200).json()).isEqualTo(made);

        // When
        call("DELETE", "/app/u-1", null).expect(204);

        // Then
        assertThat(storage.removals).hasSize(1).first().isInstanceOf(Removal.OfApplication.class);
        assertThat(get("/app/u-1").expect(404).json().getString("code")).isEqualTo("not_found");
    }

    @Test
    void aTakenUidIsAConflictUnlessAskedFor() throws Exception {
        String id = application("same");
        assertThat(post("/app", "{\"name\":\"N\",\"uid\":\"same\"}")
                        .expect(409)
                        .json()
                        .getString("code"))
                .isEqualTo("conflict");
        assertThat(post("/app?get_if_exists=true", "{\"name\":\"N\",\"uid\":\"same\"}")
                        .expect(200)
                        .json()
                        .getString("id"))
                .isEqualTo(id);
    }

    @Test
    void tellsAllProblemsAtOnce() throws Exception {
        JsonArray detail = post("/app", "{\"uid\":5,\"throttleRate\":\"x\",\"metadata\":{\"a\":1}}")
                .expect(422)
                .json()
                .getJsonArray("detail");
        assertThat(detail).hasSize(4);
        assertThat(detail.getJsonObject(0).getJsonArray("loc")).containsExactly("body", "name");
        assertThat(detail.getJsonObject(0).getString("type")).isEqualTo("value_error.jsondecode");
    }

    @Test
    void whatValidationRefusesIsNotStored() throws Exception {
        neighbours.entityProblems = List.of(Problem.value("too long", "body", "name"));
        JsonObject detail = post("/app", "{\"name\":\"N\"}")
                .expect(422)
                .json()
                .getJsonArray("detail")
                .getJsonObject(0);
        assertThat(detail.encode())
                .isEqualTo("{\"loc\":[\"body\",\"name\"],\"msg\":\"too long\",\"type\":\"value_error\"}");
        assertThat(storage.entities).isEmpty();
    }

    @Test
    void patchLeavesWhatIsAbsentAndClearsWhatIsNull() throws Exception {
        // Given
        post("/app", "{\"name\":\"N\",\"uid\":\"u\",\"throttleRate\":7,\"metadata\":{\"k\":\"v\"}}")
                .expect(201);

        // When
        JsonObject patched =
                call("PATCH", "/app/u", "{\"throttleRate\":null}").expect(200).json();

        // Then
        assertThat(patched.containsKey("throttleRate")).isTrue();
        assertThat(patched.getInteger("throttleRate")).isNull();
        assertThat(patched.getString("uid")).isEqualTo("u");
        assertThat(patched.getJsonObject("metadata").getString("k")).isEqualTo("v");
        call("PATCH", "/app/u", "{\"name\":null}").expect(422);
        String id = patched.getString("id");
        assertThat(call("PATCH", "/app/u", "{\"uid\":null}").expect(200).json().containsKey("uid"))
                .isFalse();
        get("/app/" + id).expect(200);
    }

    @Test
    void aChangeIsTriedAgainWhenSomebodyElseWasFaster() throws Exception {
        application("u");
        storage.staleSaves = 2;
        assertThat(call("PATCH", "/app/u", "{\"name\":\"new\"}")
                        .expect(200)
                        .json()
                        .getString("name"))
                .isEqualTo("new");
        storage.staleSaves = 50;
        call("PATCH", "/app/u", "{\"name\":\"newer\"}").expect(409);
    }

    @Test
    void putReplacesOrCreates() throws Exception {
        JsonObject made = call("PUT", "/app/mine", "{\"name\":\"A\",\"throttleRate\":3}")
                .expect(201)
                .json();
        assertThat(made.getString("uid")).isEqualTo("mine");
        JsonObject replaced =
                call("PUT", "/app/mine", "{\"name\":\"B\"}").expect(200).json();
        assertThat(replaced.getString("id")).isEqualTo(made.getString("id"));
        assertThat(replaced.getString("uid")).isEqualTo("mine");
        assertThat(replaced.getInteger("throttleRate")).isNull();
    }

    @Test
    void pagesForwardsAndBackwards() throws Exception {
        // Given
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clock.advance(java.time.Duration.ofMillis(10));
            ids.add(application("u" + i));
        }

        // When
        JsonObject first = get("/app?limit=2").expect(200).json();
        JsonObject second = get("/app?limit=2&iterator=" + first.getString("iterator"))
                .expect(200)
                .json();
        JsonObject third = get("/app?limit=2&iterator=" + second.getString("iterator"))
                .expect(200)
                .json();
        JsonObject back = get("/app?limit=2&iterator=" + third.getString("prevIterator"))
                .expect(200)
                .json();

        // Then
        assertThat(idsOf(first)).isEqualTo(ids.subList(0, 2));
        assertThat(first.getBoolean("done")).isFalse();
        assertThat(first.getString("prevIterator")).isEqualTo("-" + ids.get(0));
        assertThat(idsOf(third)).isEqualTo(ids.subList(4, 5));
        assertThat(third.getBoolean("done")).isTrue();
        assertThat(idsOf(back)).isEqualTo(ids.subList(2, 4));
        assertThat(idsOf(get("/app?order=descending&limit=1").json())).containsExactly(ids.get(4));
    }

    @Test
    void anEmptyPageHasItsIterator() throws Exception {
        assertThat(get("/app").expect(200).text()).isEqualTo("{\"data\":[],\"iterator\":null,\"done\":true}");
    }

    @Test
    void refusesImpossiblePages() throws Exception {
        JsonArray detail = get("/app?limit=300&iterator=nonsense&order=up")
                .expect(422)
                .json()
                .getJsonArray("detail");
        assertThat(detail).hasSize(3);
        assertThat(detail.getJsonObject(0).getJsonArray("loc").getString(0)).isEqualTo("query");
        get("/app?limit=0").expect(422);
        get("/app?limit=x").expect(422);
        get("/app?limit=250&whatever=1").expect(200);
    }

    @Test
    void aRepeatedCreateAnswersTheFirst() throws Exception {
        // Given
        String first = send(request("POST", "/api/v1/app", "{\"name\":\"N\"}").header("idempotency-key", "k1"))
                .expect(201)
                .text();

        // Then
        assertThat(send(request("POST", "/api/v1/app", "{\"name\":\"N\"}").header("idempotency-key", "\"k1\""))
                        .expect(201)
                        .text())
                .isEqualTo(first);
        assertThat(storage.entities).hasSize(1);
        assertThat(send(request("POST", "/api/v1/app", "{\"name\":\"M\"}").header("idempotency-key", "k1"))
                        .expect(422)
                        .json()
                        .getJsonArray("detail"))
                .hasSize(1);
        send(request("POST", "/api/v1/app", "{\"name\":\"N\"}").header("idempotency-key", "k".repeat(257)))
                .expect(422);
    }

    static List<String> idsOf(JsonObject page) {
        return page.getJsonArray("data").stream()
                .map(item -> ((JsonObject) item).getString("id"))
                .toList();
    }

    @Test
    void tellsHowFarItsLimitIsUsed() throws Exception {
        // Given
        String limited = post("/app", "{\"name\":\"N\",\"throttleRate\":7}")
                .expect(201)
                .json()
                .getString("id");
        String free = application("free");

        // Then
        assertThat(get("/app/" + limited + "/rate-limit-status").expect(200).text())
                .isEqualTo("{\"current_requests\":3,\"max_requests\":7,\"burst\":7,\"window\":1,"
                        + "\"resets_at\":\"2026-01-02T03:04:05.678Z\",\"exact\":true}");
        assertThat(get("/app/" + free + "/rate-limit-status").expect(200).json().getInteger("max_requests"))
                .isZero();
        get("/app/none/rate-limit-status").expect(404);
    }
}
