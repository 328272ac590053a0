package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.svix.Svix;
import com.svix.SvixOptions;
import com.svix.exceptions.ApiException;
import com.svix.models.ApplicationIn;
import com.svix.models.ApplicationOut;
import com.svix.models.EndpointIn;
import com.svix.models.EndpointOut;
import com.svix.models.EndpointSecretRotateIn;
import com.svix.models.EndpointUpdate;
import com.svix.models.EventTypeIn;
import com.svix.models.EventTypeUpdate;
import com.svix.models.MessageIn;
import com.svix.models.MessageOut;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official client, unmodified, with only the server URL changed. */
class SvixClientST {
    @TempDir
    static Path data;

    private static Vertx vertx;
    private static PosthornProcess posthorn;
    private static ScriptedReceiver receiver;
    private static Svix svix;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        receiver = Futures.resultOf(ScriptedReceiver.start(vertx));
        posthorn = PosthornProcess.start(data, Map.of());
        SvixOptions options = new SvixOptions();
        options.setServerUrl(posthorn.api().replace("/api/v1", ""));
        svix = new Svix(posthorn.token(), options);
    }

    @AfterAll
    static void stop() {
        posthorn.close();
        Futures.resultOf(vertx.close());
    }

    @Test
    void managesApplications() throws Exception {
        // When
        ApplicationOut made =
                svix.getApplication().create(new ApplicationIn().name("One").uid("one"));
        ApplicationOut updated = svix.getApplication()
                .update("one", new ApplicationIn().name("Two").uid("one"));

        // Then
        assertThat(svix.getApplication().get("one").getId()).isEqualTo(made.getId());
        assertThat(updated.getName()).isEqualTo("Two");
        assertThat(svix.getApplication().list().getData())
                .extracting(ApplicationOut::getId)
                .contains(made.getId());
        svix.getApplication().delete("one");
        assertThatThrownBy(() -> svix.getApplication().get("one")).isInstanceOf(ApiException.class);
    }

    @Test
    void managesEventTypes() throws Exception {
        // When
        svix.getEventType().create(new EventTypeIn().name("build.failed").description("A build failed"));

        svix.getEventType().update("build.failed", new EventTypeUpdate().description("A build did not pass"));

        // Then
        assertThat(svix.getEventType().get("build.failed").getDescription()).isEqualTo("A build did not pass");
        assertThat(svix.getEventType().list().getData())
                .extracting(com.svix.models.EventTypeOut::getName)
                .contains("build.failed");
        svix.getEventType().delete("build.failed");
        assertThat(svix.getEventType().get("build.failed").getArchived()).isTrue();
    }

    @Test
    void deliversAMessageAndShowsItsAttempts() throws Exception {
        // Given
        String app = svix.getApplication()
                .create(new ApplicationIn().name("Deliveries"))
                .getId();
        svix.getEventType().create(new EventTypeIn().name("invoice.paid").description("An invoice was paid"));
        EndpointOut endpoint = svix.getEndpoint()
                .create(
                        app,
                        new EndpointIn().url(URI.create(receiver.url("/svix"))).filterTypes(Set.of("invoice.paid")));
        String firstKey = svix.getEndpoint().getSecret(app, endpoint.getId()).getKey();
        svix.getEndpoint().rotateSecret(app, endpoint.getId(), new EndpointSecretRotateIn());

        // When
        MessageOut message = svix.getMessage()
                .create(app, new MessageIn().eventType("invoice.paid").payload("{\"amount\": 1.50}"));

        // Then
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !svix.getMessageAttempt()
                        .listByMsg(app, message.getId())
                        .getData()
                        .isEmpty());
        assertThat(svix.getEndpoint().getSecret(app, endpoint.getId()).getKey()).isNotEqualTo(firstKey);
        assertThat(receiver.received()).singleElement().satisfies(request -> {
            assertThat(request.body().toString()).isEqualTo("{\"amount\": 1.50}");
            // The rotated secret signs along.
            assertThat(request.header("webhook-signature").split(" ")).hasSize(2);
        });
        assertThat(svix.getMessageAttempt()
                        .listByEndpoint(app, endpoint.getId())
                        .getData())
                .hasSize(1);
        assertThat(svix.getMessage().get(app, message.getId()).getEventType()).isEqualTo("invoice.paid");
        assertThat(svix.getMessage().list(app).getData()).hasSize(1);
        assertThat(svix.getEndpoint().list(app).getData()).hasSize(1);
        EndpointOut updated = svix.getEndpoint()
                .update(
                        app,
                        endpoint.getId(),
                        new EndpointUpdate()
                                .url(URI.create(receiver.url("/other")))
                                .description("Moved"));
        assertThat(updated.getUrl()).hasToString(receiver.url("/other"));
        assertThat(svix.getEndpoint().get(app, endpoint.getId()).getDescription())
                .isEqualTo("Moved");
        svix.getEndpoint().delete(app, endpoint.getId());
        assertThat(svix.getEndpoint().list(app).getData()).isEmpty();
    }
}
