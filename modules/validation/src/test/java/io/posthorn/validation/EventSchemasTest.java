package io.posthorn.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.EventType;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSchemasTest {
    private static final OrganizationId ORGANIZATION = OrganizationId.DEFAULT;
    private final AtomicLong now = new AtomicLong(7);
    private final EventSchemas schemas = new EventSchemas(ValidationConfig.defaults(), now::get);

    @Test
    void whatWasReadIsUsedUntilItsLeaseEnds() {
        // Given
        long askedAt = schemas.now();
        now.addAndGet(EventType.LEASE.toNanos() - 1);
        schemas.read(ORGANIZATION, "a", null, askedAt);

        // Then
        assertThat(schemas.known(ORGANIZATION, "a")).isNotNull();
        assertThat(schemas.known(ORGANIZATION, "b")).isNull();
        now.addAndGet(1);
        assertThat(schemas.known(ORGANIZATION, "a")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"1\":1,\"2\":1} | 2",
                "{\"10\":1,\"9\":1} | 10",
                "{\"v2\":1,\"1\":1} | 1",
                "{\"2024-01\":1,\"2023-12\":1} | 2024-01",
                "{\"01\":1,\"1\":1} | 1"
            })
    void theNewestVersionIsTheGreatest(String versions, String newest) {
        JsonNode json = new JsonTrees(5).read(versions.getBytes(StandardCharsets.UTF_8));
        assertThat(EventSchemas.newest(json)).isEqualTo(newest);
    }

    @Test
    void onlyTheNewestVersionCounts() {
        assertThat(check("{\"1\":{\"type\":\"string\"},\"2\":{\"type\":\"object\"}}", "{}"))
                .isEmpty();
        assertThat(check("{}", "{}")).isEmpty();
    }

    @Test
    void aProblemNamesThePointerAndWhatWasExpected() {
        // When
        List<Problem> problems = check(
                "{\"1\":{\"properties\":{\"a/b\":{\"items\":{\"type\":\"string\"}}},\"required\":[\"c\"]}}",
                "{\"a/b\":[\"x\",5]}");

        // Then
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        new Problem(
                                List.of("body", "payload", "a/b", "[1]"),
                                "/a~1b/1: integer found, string expected",
                                "value_error.jsonschema"),
                        new Problem(
                                List.of("body", "payload"),
                                "the whole: required property 'c' not found",
                                "value_error.jsonschema"));
    }

    @Test
    void messagesDoNotDependOnTheLanguageOfTheMachine() {
        java.util.Locale before = java.util.Locale.getDefault();
        java.util.Locale.setDefault(java.util.Locale.GERMAN);
        try {
            assertThat(check("{\"1\":{\"type\":\"string\"}}", "{}").get(0).message())
                    .isEqualTo("the whole: object found, string expected");
        } finally {
            java.util.Locale.setDefault(before);
        }
    }

    @Test
    void aFormatIsAnAnnotation() {
        assertThat(check("{\"1\":{\"format\":\"email\"}}", "\"none\"")).isEmpty();
    }

    @Test
    void aPayloadThatIsNoJsonFitsNoSchema() {
        assertThat(check("{\"1\":true}", "<x/>").get(0).message()).startsWith("JSON was expected: ");
        assertThat(check("{\"1\":true}", "")).hasSize(1);
    }

    @Test
    void aStoredSchemaThatCannotBeUsedRefusesItsMessagesAndSaysWhy() {
        assertThat(check("{\"1\":{\"type\":7}}", "{}")).singleElement().satisfies(problem -> {
            assertThat(problem.place()).containsExactly("body", "eventType");
            assertThat(problem.message()).startsWith("the schema of the event type cannot be used: ");
        });
    }

    private List<Problem> check(String text, String payload) {
        return schemas.check(text, payload.getBytes(StandardCharsets.UTF_8));
    }
}
