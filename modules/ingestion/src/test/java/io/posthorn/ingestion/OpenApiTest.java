package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.IngestionConfig;
import io.posthorn.contract.AuditReport;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OpenApiTest extends ApiTestBase {
    private JsonObject document() throws Exception {
        token = "none";
        return get("/openapi.json").expect(200).json();
    }

    @Test
    void describesEveryRouteAndNoOther() throws Exception {
        // Given
        Catalogue catalogue = new Catalogue(bus, time -> io.vertx.core.Future.succeededFuture());
        MessageAcceptance acceptance =
                new MessageAcceptance(bus, catalogue, clock, Duration.ofSeconds(1), Runnable::run);
        Set<String> served = new TreeSet<>();
        new Api(settings(IngestionConfig.defaults()), bus, clock, catalogue, acceptance)
                .routes()
                .entries()
                .forEach(entry -> served.add(entry.method().name() + " " + entry.template()));

        // When
        Set<String> described = new TreeSet<>();
        JsonObject paths = document().getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                described.add(method.toUpperCase(Locale.ROOT) + " " + path);
            }
        }

        // Then
        assertThat(described).isEqualTo(served);
    }

    @Test
    void everyReferenceLeadsSomewhere() throws Exception {
        JsonObject document = document();
        follow(document, document);
    }

    private static void follow(JsonObject document, Object node) {
        if (node instanceof JsonArray array) {
            array.forEach(item -> follow(document, item));
        } else if (node instanceof JsonObject object) {
            object.forEach(entry -> {
                if (entry.getKey().equals("$ref")) {
                    JsonObject target = document;
                    for (String step : ((String) entry.getValue()).substring(2).split("/")) {
                        target = target.getJsonObject(step);
                        assertThat(target).as(String.valueOf(entry.getValue())).isNotNull();
                    }
                } else {
                    follow(document, entry.getValue());
                }
            });
        }
    }

    @Test
    void answersHaveTheFieldsThatItRequires() throws Exception {
        // Given
        String application = application("u");
        JsonObject app = get("/app/" + application).json();
        JsonObject endpoint = get("/app/u/endpoint/" + endpoint("u")).json();
        JsonObject policy =
                get("/app/u/endpoint/" + endpoint.getString("id") + "/policy").json();
        JsonObject tls = tls("/app/u/endpoint/" + endpoint.getString("id") + "/tls");
        JsonObject message = get("/app/u/msg/" + message("u", "t")).json();
        JsonObject page = get("/app/u/msg").json();
        JsonObject begun = post("/app/u/endpoint/" + endpoint.getString("id") + "/cancel", null)
                .json();
        JsonObject task = get("/background-task/" + begun.getString("id")).json();
        storage.tasks.audit = new AuditReport.Progress(false, 1, "", List.of(AuditApiTest.REPORT));
        JsonObject audit = get("/audit").json();

        // Then
        JsonObject schemas = document().getJsonObject("components").getJsonObject("schemas");
        hasRequired(app, schemas.getJsonObject("ApplicationOut"));
        hasRequired(endpoint, schemas.getJsonObject("EndpointOut"));
        hasRequired(message, schemas.getJsonObject("MessageOut"));
        hasRequired(page, schemas.getJsonObject("PageOfMessageOut"));
        JsonObject policySchema = schemas.getJsonObject("EndpointPolicyOut");
        hasRequired(policy, policySchema);
        hasRequired(
                policy.getJsonObject("sources"),
                policySchema.getJsonObject("properties").getJsonObject("sources"));
        hasRequired(tls, schemas.getJsonObject("EndpointTlsOut"));
        hasRequired(tls.getJsonArray("ca").getJsonObject(0), schemas.getJsonObject("CertificateOut"));
        hasRequired(begun, schemas.getJsonObject("TaskBegunOut"));
        JsonObject taskSchema = schemas.getJsonObject("BackgroundTaskOut");
        hasRequired(task, taskSchema);
        hasRequired(
                task.getJsonObject("data"),
                taskSchema.getJsonObject("properties").getJsonObject("data"));
        hasRequired(audit, schemas.getJsonObject("AuditOut"));
        hasRequired(audit.getJsonObject("last"), schemas.getJsonObject("AuditReportOut"));
        hasRequired(audit.getJsonObject("last").getJsonObject("counted"), schemas.getJsonObject("BooksOut"));
    }

    private JsonObject tls(String path) throws Exception {
        SelfSignedCertificate authority = SelfSignedCertificate.create("authority.example.com");
        String pem = Files.readString(Path.of(authority.certificatePath()));
        authority.delete();
        return call("PUT", path, new JsonObject().put("ca", pem).encode()).json();
    }

    private static void hasRequired(JsonObject json, JsonObject schema) {
        schema.getJsonArray("required")
                .forEach(name -> assertThat(json.fieldNames()).contains((String) name));
        json.fieldNames()
                .forEach(name -> assertThat(schema.getJsonObject("properties").fieldNames())
                        .contains(name));
    }
}
