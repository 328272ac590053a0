package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.TaskId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskApiTest extends ApiTestBase {
    private static final Duration DAY = Duration.ofDays(1);

    private ApplicationId application;
    private EndpointId endpoint;
    private String path;

    @BeforeEach
    void makeEndpoint() throws Exception {
        application = new ApplicationId(application("u"));
        endpoint = new EndpointId(endpoint("u"));
        path = "/app/u/endpoint/" + endpoint;
    }

    @Test
    void recoverBeginsATaskOverItsWindow() throws Exception {
        // Given
        Instant since = clock.instant().minus(DAY);

        // When
        JsonObject begun = post(
                        path + "/recover",
                        new JsonObject()
                                .put("since", since.toString())
                                .put("until", "2026-01-02T03:00:00+00:00")
                                .encode())
                .expect(202)
                .json();

        // Then
        assertThat(begun.fieldNames()).containsExactlyInAnyOrder("id", "status", "task", "updatedAt");
        assertThat(begun.getString("task")).isEqualTo("endpoint.recover");
        assertThat(begun.getString("status")).isEqualTo("running");
        assertThat(storage.tasks.all).singleElement().satisfies(task -> {
            assertThat(task.id().value()).isEqualTo(begun.getString("id"));
            assertThat(task.work())
                    .isEqualTo(new BackgroundTask.Recover(
                            application, endpoint, since, Instant.parse("2026-01-02T03:00:00Z")));
        });
    }

    @Test
    void anEndThatIsNotGivenIsNow() throws Exception {
        // Given
        Instant since = clock.instant().minus(DAY);

        // When
        JsonObject replay = post(path + "/replay-missing", "{\"since\":\"" + since + "\",\"until\":null}")
                .expect(202)
                .json();
        JsonObject cancel = post(path + "/cancel", null).expect(202).json();

        // Then
        assertThat(replay.getString("task")).isEqualTo("endpoint.replay");
        assertThat(cancel.getString("task")).isEqualTo("endpoint.cancel");
        assertThat(storage.tasks.all)
                .extracting(BackgroundTask::work)
                .containsExactly(
                        new BackgroundTask.ReplayMissing(application, endpoint, since, clock.instant()),
                        new BackgroundTask.CancelWaiting(application, endpoint, clock.instant()));
    }

    @Test
    void refusesWindowsThatAreTooLongOrInTheFutureOrEndBeforeTheyBegin() throws Exception {
        Instant now = clock.instant();
        refused(now.plusMillis(1), null, "in the future");
        refused(now.minus(DAY), now.minus(DAY.multipliedBy(2)), "before until");
        refused(now.minus(DAY.multipliedBy(14)).minus(Duration.ofMinutes(6)), null, "14 days");
        assertThat(storage.tasks.all).isEmpty();

        begun(now.minus(DAY.multipliedBy(14)).minus(Duration.ofMinutes(5)));
        begun(now);
    }

    private void refused(Instant since, Instant until, String reason) throws Exception {
        String body = new JsonObject()
                .put("since", since.toString())
                .put("until", until == null ? null : until.toString())
                .encode();
        for (String operation : new String[] {"/recover", "/replay-missing"}) {
            JsonArray problems = post(path + operation, body).expect(422).json().getJsonArray("detail");
            assertThat(problems).hasSize(1);
            JsonObject problem = problems.getJsonObject(0);
            assertThat(problem.getJsonArray("loc"))
                    .isEqualTo(new JsonArray().add("body").add("since"));
            assertThat(problem.getString("msg")).contains(reason);
            assertThat(problem.getString("type")).isEqualTo("value_error");
        }
    }

    private void begun(Instant since) throws Exception {
        post(path + "/recover", "{\"since\":\"" + since + "\"}").expect(202);
    }

    @Test
    void namesWhatIsMissingOrNoTime() throws Exception {
        // When
        String missing = post(path + "/recover", "{}")
                .expect(422)
                .json()
                .getJsonArray("detail")
                .encode();
        String unreadable = post(path + "/recover", "{\"since\":\"yesterday\",\"until\":5}")
                .expect(422)
                .json()
                .getJsonArray("detail")
                .encode();

        // Then
        assertThat(missing).contains("missing field", "since", "value_error.jsondecode");
        assertThat(unreadable).contains("expected a time as in RFC 3339", "since", "expected a string", "until");
        post(path + "/cancel", "{\"until\":\"soon\"}").expect(422);
    }

    @Test
    void anEndpointThatIsNotThereHasNoTasks() throws Exception {
        post("/app/u/endpoint/none/recover", "{\"since\":\"" + clock.instant() + "\"}")
                .expect(404);
        post("/app/none/endpoint/" + endpoint + "/cancel", null).expect(404);
        assertThat(storage.tasks.all).isEmpty();
    }

    @Test
    void theSameKeyAnswersTheSameTaskAlsoMuchLater() throws Exception {
        // Given
        String since = clock.instant().minus(DAY).toString();
        String first = keyed("k1", since).expect(202).json().getString("id");
        String other = keyed("k2", since).expect(202).json().getString("id");

        // When
        String again = keyed("k1", since).expect(202).json().getString("id");
        clock.advance(Duration.ofHours(23));
        String later = keyed("k1", since).expect(202).json().getString("id");

        // Then
        assertThat(again).isEqualTo(first);
        assertThat(later).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
        assertThat(storage.tasks.all).hasSize(2);
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() throws Exception {
        // Given
        keyed("k1", clock.instant().toString()).expect(202);

        // When
        JsonObject refused =
                keyed("k1", clock.instant().minus(DAY).toString()).expect(422).json();

        // Then
        assertThat(refused.encode()).contains("idempotency-key");
        assertThat(storage.tasks.all).hasSize(1);
    }

    @Test
    void aKeyIsFoundBehindManyOtherTasks() throws Exception {
        // Given
        String since = clock.instant().minus(DAY).toString();
        String first = keyed("k1", since).expect(202).json().getString("id");
        clock.advance(Duration.ofMinutes(10));
        BackgroundTask model = storage.tasks.all.get(0);
        for (int i = 0; i < 600; i++) {
            storage.tasks.all.add(new BackgroundTask(
                    TaskId.at(clock.millis()),
                    model.organization(),
                    model.work(),
                    model.status(),
                    0,
                    0,
                    null,
                    clock.instant(),
                    clock.instant()));
        }

        // When
        String again = keyed("k1", since).expect(202).json().getString("id");

        // Then
        assertThat(again).isEqualTo(first);
        assertThat(storage.tasks.all).hasSize(601);
    }

    private Answer keyed(String key, String since) throws Exception {
        return send(request("POST", "/api/v1" + path + "/recover", "{\"since\":\"" + since + "\"}")
                .header("idempotency-key", key));
    }

    @Test
    void showsProgressAndFailure() throws Exception {
        // Given
        Instant since = clock.instant().minus(DAY);
        String id =
                post(path + "/recover", "{\"since\":\"" + since + "\"}").json().getString("id");
        storage.tasks.replace(storage.tasks
                .all
                .get(0)
                .advanced(7, 9, false, clock.instant())
                .failed("the endpoint is gone", clock.instant()));

        // When
        JsonObject task = get("/background-task/" + id).expect(200).json();

        // Then
        assertThat(task.getString("status")).isEqualTo("failed");
        assertThat(task.getJsonObject("data"))
                .isEqualTo(new JsonObject()
                        .put("application", application.value())
                        .put("endpoint", endpoint.value())
                        .put("since", since.toString())
                        .put("until", clock.instant().toString())
                        .put("changed", 7)
                        .put("scanned", 9)
                        .put("failure", "the endpoint is gone")
                        .put("createdAt", clock.instant().toString()));
    }

    @Test
    void listsByStatusAndKindInPages() throws Exception {
        // Given
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            ids.add(post(path + "/cancel", null).json().getString("id"));
            clock.advance(Duration.ofSeconds(1));
        }
        begun(clock.instant().minus(DAY));
        storage.tasks.replace(storage.tasks.all.get(0).advanced(1, 1, true, clock.instant()));

        // When
        JsonObject first = get("/background-task?limit=3").expect(200).json();
        JsonObject second = get("/background-task?limit=3&iterator=" + first.getString("iterator"))
                .expect(200)
                .json();

        // Then
        assertThat(first.getJsonArray("data")).hasSize(3);
        assertThat(first.getBoolean("done")).isFalse();
        assertThat(first.getJsonArray("data").getJsonObject(0).getString("task"))
                .isEqualTo("endpoint.recover");
        assertThat(second.getJsonArray("data")).hasSize(1);
        assertThat(second.getBoolean("done")).isTrue();
        assertThat(listed("?status=finished")).hasSize(1);
        assertThat(listed("?status=running")).hasSize(3);
        assertThat(listed("?task=endpoint.cancel")).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(listed("?task=sdk.generate")).isEmpty();
        assertThat(listed("?order=ascending"))
                .startsWith(storage.tasks.all.get(0).id().value());
        get("/background-task?status=asleep").expect(422);
        get("/background-task?task=endpoint.paint").expect(422);
        get("/background-task?iterator=ep_x").expect(422);
        get("/background-task?limit=251").expect(422);
    }

    private List<String> listed(String query) throws Exception {
        return get("/background-task" + query).expect(200).json().getJsonArray("data").stream()
                .map(task -> ((JsonObject) task).getString("id"))
                .toList();
    }

    @Test
    void unknownTasksAreNotFound() throws Exception {
        get("/background-task/" + TaskId.at(clock.millis())).expect(404);
        get("/background-task/nonsense").expect(404);
    }

    @Test
    void anApplicationRecoversItsOwnEndpointsAndSeesItsOwnTasksOnly() throws Exception {
        // Given
        String foreign = post(path + "/cancel", null).json().getString("id");
        ApplicationId other = new ApplicationId(application("other"));
        String otherEndpoint = endpoint("other");
        String since = "{\"since\":\"" + clock.instant() + "\"}";
        token = TokenIssuer.applicationToken(
                SECRET, OrganizationId.DEFAULT, other, Set.of(), Duration.ofDays(1), clock.instant());

        // When
        String own = post("/app/other/endpoint/" + otherEndpoint + "/recover", since)
                .expect(202)
                .json()
                .getString("id");

        // Then
        get("/background-task/" + own).expect(200);
        get("/background-task/" + foreign).expect(404);
        get("/background-task").expect(403);
        post(path + "/recover", since).expect(404);
        get("/audit").expect(403);
        get("/cluster").expect(403);
        post("/audit", null).expect(403);
    }
}
