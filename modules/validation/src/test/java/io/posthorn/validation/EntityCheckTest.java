package io.posthorn.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.EventType;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Problem;
import io.posthorn.contract.Sending;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityCheckTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private final EntityCheck check =
            new EntityCheck(ValidationConfig.defaults(), new EventSchemas(ValidationConfig.defaults()));

    @Test
    void acceptsWhatIsInOrder() {
        assertThat(check.check(endpoint("https://receiver.example.com/hook?x=1", Map.of("x-tenant", "one"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com/",
                "https://user:pass@example.com/",
                "https://example.com:22/",
                "https://exa mple.com/",
                "https://０example.com/",
                "http://0177.0.0.1/",
                "http://0x7f000001/",
                "http://127.1/",
                "http://[::1%25eth0]/",
                "https://example.com/#x",
                "https:/example.com"
            })
    void refusesUrlsThatTwoParsersCouldReadDifferently(String url) {
        assertThat(check.check(endpoint(url, Map.of())))
                .extracting(Problem::place)
                .containsExactly(List.of("body", "url"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Host", "webhook-id", "Content-Length", "svix-id", "Proxy-Authorization", "TE", "bad name", ""})
    void refusesHeadersThatTheSenderNeeds(String name) {
        assertThat(check.check(endpoint("https://example.com/", Map.of(name, "x"))))
                .hasSize(1);
    }

    @Test
    void refusesHeaderValuesWithLineBreaks() {
        assertThat(check.check(endpoint("https://example.com/", Map.of("x-a", "b\r\nx-c: d"))))
                .extracting(Problem::place)
                .containsExactly(List.of("body", "headers", "x-a"));
    }

    @Test
    void requiresHttpsWhereThatIsTold() {
        // Given
        EntityCheck strict =
                new EntityCheck(Configs.of(1_000, 20, true), new EventSchemas(ValidationConfig.defaults()));

        // Then
        assertThat(strict.check(endpoint("http://example.com/", Map.of()))).hasSize(1);
        assertThat(strict.check(endpoint("https://example.com/", Map.of()))).isEmpty();
    }

    @Test
    void reportsAllProblemsOfAnApplication() {
        // Given
        Application application = new Application(
                ApplicationId.at(NOW.toEpochMilli()),
                OrganizationId.DEFAULT,
                "app_mine",
                "",
                0,
                Map.of("k", "v".repeat(5_000)),
                NOW,
                NOW,
                0);

        // Then
        assertThat(check.check(application))
                .extracting(problem -> problem.place().get(1))
                .containsExactlyInAnyOrder("name", "uid", "throttleRate", "metadata");
    }

    @Test
    void refusesSchemasThatAreNone() {
        assertThat(check.check(eventType("{\"1\": {\"type\":\"object\"}, \"2\": true}")))
                .isEmpty();
        assertThat(check.check(eventType("{\"1\": 5}"))).hasSize(1);
        assertThat(check.check(eventType("nonsense"))).hasSize(1);
    }

    private static EventType eventType(String schemas) {
        return new EventType("invoice.paid", OrganizationId.DEFAULT, "", false, false, schemas, null, NOW, NOW, 0);
    }

    private static Endpoint endpoint(String url, Map<String, String> headers) {
        return new Endpoint(
                EndpointId.at(NOW.toEpochMilli()),
                ApplicationId.at(NOW.toEpochMilli()),
                null,
                url,
                "",
                null,
                false,
                Set.of("invoice.paid"),
                null,
                Map.of(),
                headers,
                List.of(),
                Sending.AS_CONFIGURED,
                null,
                NOW,
                NOW,
                0);
    }

    @ParameterizedTest
    @CsvSource({
        "0, U+0000",
        "7, U+0007",
        "27, U+001B",
        "127, U+007F",
        "133, U+0085",
        "8232, U+2028",
        "8238, U+202E",
        "8294, U+2066",
        "55296, U+D800",
        "57343, U+DFFF"
    })
    void refusesTextThatChangesHowItIsShown(int character, String named) {
        String text = "ab" + (char) character + "c";
        assertThat(check.check(application(text, Map.of()))).singleElement().satisfies(problem -> {
            assertThat(problem.place()).containsExactly("body", "name");
            assertThat(problem.message()).endsWith("not " + named + " at character 3");
        });
        assertThat(check.check(application("fine", Map.of("key", text))).get(0).place())
                .containsExactly("body", "metadata", "key");
        assertThat(check.check(application("fine", Map.of(text, "x")))).hasSize(1);
    }

    @Test
    void takesTextOfAnyLanguageAndLinesWhereTheyBelong() {
        assertThat(check.check(application("שלום 你好 🐲 e\u0301 \u200f", Map.of("k", "two\r\n\tlines"))))
                .isEmpty();
        assertThat(check.check(application("two\nlines", Map.of()))).hasSize(1);
        assertThat(check.check(application("", Map.of()))).hasSize(1);
        assertThat(check.check(application("x".repeat(257), Map.of()))).hasSize(1);
    }

    @Test
    void metadataIsBoundedInEntriesKeysAndBytes() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 101; i++) {
            many.put("k" + i, "");
        }
        assertThat(check.check(application("a", many)))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.message()).isEqualTo("at most 100 entries were expected, not 101"));
        assertThat(check.check(application("a", Map.of("k".repeat(257), "")))).hasSize(1);
        assertThat(check.check(application("a", Map.of("", "x")))).hasSize(1);
        assertThat(check.check(application("a", Map.of("k", "x".repeat(4_096)))))
                .hasSize(1);
    }

    @Test
    void headersAreBoundedInNumberAndBytesAndNamedOnce() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 51; i++) {
            many.put("x-" + i, "");
        }
        assertThat(check.check(endpoint("https://example.com/", many))).hasSize(1);
        assertThat(check.check(endpoint(
                        "https://example.com/",
                        Map.of(
                                "x-1", "v".repeat(4_096),
                                "x-2", "v".repeat(4_096),
                                "x-3", "v".repeat(4_096),
                                "x-4", "v".repeat(4_096)))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).startsWith("at most 16384 bytes of headers"));
        assertThat(check.check(endpoint("https://example.com/", Map.of("x-a", "1", "X-A", "2"))))
                .hasSize(1);
    }

    private static Application application(String name, Map<String, String> metadata) {
        return new Application(
                ApplicationId.at(NOW.toEpochMilli()), OrganizationId.DEFAULT, null, name, null, metadata, NOW, NOW, 0);
    }
}
