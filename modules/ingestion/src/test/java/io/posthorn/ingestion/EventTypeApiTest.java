package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.EventType;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventTypeApiTest extends ApiTestBase {
    private static final String BODY =
            "{\"name\":\"invoice.paid\",\"description\":\"d\",\"schemas\":{\"1\":{\"type\":\"object\"}}}";

    @Test
    void createsAndChanges() throws Exception {
        JsonObject made = post("/event-type", BODY).expect(201).json();
        assertThat(made.getJsonObject("schemas").getJsonObject("1").getString("type"))
                .isEqualTo("object");
        JsonObject patched = call("PATCH", "/event-type/invoice.paid", "{\"deprecated\":true}")
                .expect(200)
                .json();
        assertThat(patched.getBoolean("deprecated")).isTrue();
        assertThat(patched.getJsonObject("schemas")).isNotNull();
        JsonObject put = call("PUT", "/event-type/invoice.paid", "{\"description\":\"e\"}")
                .expect(200)
                .json();
        assertThat(put.getBoolean("deprecated")).isFalse();
        assertThat(put.getValue("schemas")).isNull();
        call("PUT", "/event-type/new.one", "{\"description\":\"e\"}").expect(201);
        call("PUT", "/event-type/new.one", "{\"description\":null}").expect(422);
    }

    @Test
    void aChangeIsAcknowledgedOnlyWhenNobodyUsesTheSchemaBeforeIt() throws Exception {
        // When
        long before = System.nanoTime();
        post("/event-type", BODY).expect(201);
        long made = System.nanoTime();
        call("PUT", "/event-type/invoice.paid", "{\"description\":\"e\"}").expect(200);
        long changed = System.nanoTime();
        call("DELETE", "/event-type/invoice.paid?expunge=true", null).expect(204);
        long removed = System.nanoTime();

        // Then
        long lease = EventType.LEASE.toNanos();
        assertThat(List.of(made - before, changed - made, removed - changed))
                .allSatisfy(nanos -> assertThat(nanos).isGreaterThanOrEqualTo(lease));
    }

    @Test
    void archivedOnesAreHiddenAndComeBackByCreation() throws Exception {
        post("/event-type", BODY).expect(201);
        assertThat(post("/event-type", BODY).expect(409).json().getString("code"))
                .isEqualTo("event_type_exists");
        call("DELETE", "/event-type/invoice.paid", null).expect(204);
        assertThat(names("")).isEmpty();
        assertThat(names("?include_archived=true")).containsExactly("invoice.paid");
        assertThat(post("/event-type", BODY).expect(201).json().getBoolean("archived"))
                .isFalse();
        assertThat(names("")).containsExactly("invoice.paid");
        call("DELETE", "/event-type/invoice.paid?expunge=true", null).expect(204);
        get("/event-type/invoice.paid").expect(404);
    }

    @Test
    void listsWithoutSchemasUnlessAsked() throws Exception {
        post("/event-type", BODY).expect(201);
        assertThat(get("/event-type")
                        .json()
                        .getJsonArray("data")
                        .getJsonObject(0)
                        .getValue("schemas"))
                .isNull();
        assertThat(get("/event-type?with_content=true")
                        .json()
                        .getJsonArray("data")
                        .getJsonObject(0)
                        .getValue("schemas"))
                .isNotNull();
    }

    private List<String> names(String query) throws Exception {
        return get("/event-type" + query).expect(200).json().getJsonArray("data").stream()
                .map(item -> ((JsonObject) item).getString("name"))
                .toList();
    }
}
