package io.posthorn.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.contract.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas and payloads that are made to take long, to recurse without end or to fill the memory. */
@Timeout(30)
class HostileSchemaTest {
    private static final String DEFS = "{\"$defs\":";
    private final EventSchemas schemas = new EventSchemas(Configs.patient());

    private List<Problem> problemsOf(String schema) {
        return schemas.problemsOf("{\"1\":" + schema + "}");
    }

    private List<Problem> check(String schema, String payload) {
        return schemas.check("{\"1\":" + schema + "}", payload.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"^(a+)+$", "^(a|aa)+$", "^(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$"})
    void aPatternThatWouldBacktrackForEverTakesTimeLinearInTheText(String pattern) {
        // Given
        String schema = "{\"properties\":{\"a\":{\"pattern\":\"" + pattern + "\"}}}";
        assertThat(problemsOf(schema)).isEmpty();

        // When
        long before = System.nanoTime();
        List<Problem> problems = check(schema, "{\"a\":\"" + "a".repeat(200_000) + "!\"}");

        // Then
        assertThat(problems).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"(?=a)b", "(a)\\\\1", "a{1001}", "((a{100}){100}){100}", "[a", "(?<!x)y", "(a{0,1000}){11}"})
    void refusesAPatternThatCannotBeMatchedSo(String pattern) {
        assertThat(problemsOf("{\"properties\":{\"a\":{\"pattern\":\"" + pattern + "\"}}}"))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.place()).containsExactly("body", "schemas", "1", "properties", "a", "pattern");
                    assertThat(problem.message()).startsWith("the pattern cannot be used: ");
                });
        assertThat(problemsOf("{\"patternProperties\":{\"" + pattern + "\":{}}}"))
                .hasSize(1);
    }

    @Test
    void takesPatternsAsPeopleWriteThem() {
        for (String pattern : List.of(
                "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
                "^\\\\S+@\\\\S+\\\\.\\\\S+$",
                "^(https?:\\\\/\\\\/)?[\\\\w.-]+$",
                "^\\\\p{L}[\\\\p{L}\\\\d _-]{0,255}$",
                "^\\\\u0041\\\\uD83D\\\\uDC32?$")) {
            assertThat(problemsOf("{\"pattern\":\"" + pattern + "\"}"))
                    .as(pattern)
                    .isEmpty();
        }
        assertThat(check("{\"pattern\":\"^\\\\u0041\\\\uD83D\\\\uDC32?$\"}", "\"A🐲\""))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://example.com/schema.json | nothing is loaded from elsewhere",
                "http://169.254.169.254/latest/meta-data | nothing is loaded from elsewhere",
                "file:///etc/passwd | nothing is loaded from elsewhere",
                "classpath:/logback.xml | nothing is loaded from elsewhere",
                "other.json | nothing is loaded from elsewhere",
                "#/$defs/missing | cannot be resolved",
                "#missing | cannot be resolved",
                "http://json-schema.org/draft-04/schema# | nothing is loaded from elsewhere"
            })
    void refusesAReferenceThatLeadsOutOfTheSchemaOrNowhere(String reference, String message) {
        for (String base : List.of("", "\"$id\":\"https://example.org/base/\",")) {
            assertThat(problemsOf("{" + base + "\"properties\":{\"a\":{\"$ref\":\"" + reference + "\"}}}"))
                    .as(base + reference)
                    .hasSize(1);
        }
        assertThat(problemsOf("{\"properties\":{\"a\":{\"$ref\":\"" + reference + "\"}}}")
                        .get(0)
                        .message())
                .contains(message);
    }

    @Test
    void takesReferencesIntoItselfAndToTheMetaSchemas() {
        assertThat(problemsOf(
                        "{\"$defs\":{\"a\":{\"$anchor\":\"b\",\"type\":\"string\"}},\"items\":{\"$ref\":\"#/$defs/a\"},"
                                + "\"properties\":{\"x\":{\"$ref\":\"#b\"},\"y\":{\"$ref\":\"#\"},"
                                + "\"z\":{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}}}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ref\":\"#\"}",
                "{\"allOf\":[{\"$ref\":\"#\"}]}",
                "{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}},\"$ref\":\"#/$defs/a\"}",
                "{\"$dynamicAnchor\":\"x\",\"anyOf\":[{\"$dynamicRef\":\"#x\"}]}",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"definitions\":{\"a\":{\"not\":{\"$ref\":\"#/definitions/a\"}}},"
                        + "\"oneOf\":[{\"$ref\":\"#/definitions/a\"}]}"
            })
    void refusesASchemaThatLeadsInACircle(String schema) {
        assertThat(problemsOf(schema))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("round in a circle"));
    }

    @Test
    void aTreeMayReferToItselfAndAPayloadAsDeepAsMayBeIsChecked() {
        // Given
        String tree = "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}},\"additionalProperties\":false}";
        assertThat(problemsOf(tree)).isEmpty();

        // Then
        assertThat(check(tree, "{\"next\":".repeat(199) + "{}" + "}".repeat(199)))
                .isEmpty();
        assertThat(check(tree, "{\"next\":".repeat(198) + "{\"other\":1}" + "}".repeat(198)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.place()).hasSize(200));
        assertThat(check(tree, "{\"next\":".repeat(200) + "{}" + "}".repeat(200)))
                .hasSize(1);
    }

    @Test
    void aSchemaThatDoublesTheWorkAtEachLevelEndsWhenItsStepsAreSpent() {
        // Given
        String twice = DEFS
                + "{\"n\":{\"items\":{\"allOf\":[{\"$ref\":\"#/$defs/n\"},{\"$ref\":\"#/$defs/n\"}]}}},\"$ref\":\"#/$defs/n\"}";
        assertThat(problemsOf(twice)).isEmpty();

        // Then
        assertThatThrownBy(() -> check(twice, "[".repeat(100) + "]".repeat(100)))
                .isInstanceOf(Budget.Spent.class)
                .hasMessageContaining("steps");
    }

    @Test
    void anUnevaluatedKeywordOverMuchDataEndsToo() {
        // Given
        String schema =
                "{\"items\":{\"anyOf\":[{\"properties\":{\"a\":true}},{\"properties\":{\"b\":true}}],\"unevaluatedProperties\":false}}";
        String payload = "[" + "{\"a\":1,\"b\":2},".repeat(60_000) + "{}]";

        // Then
        try {
            assertThat(check(schema, payload)).isEmpty();
        } catch (Budget.Spent e) {
            assertThat(e.isLate()).isFalse();
        }
    }

    @Test
    void aSchemaIsBoundedInBytesDepthAndReferences() {
        assertThat(problemsOf("{\"description\":\"" + "x".repeat(256 * 1024) + "\"}")
                        .get(0)
                        .message())
                .startsWith("at most 262144 bytes were expected, not ");
        assertThat(problemsOf("{\"not\":".repeat(200) + "{}" + "}".repeat(200))).hasSize(1);
        String references = IntStream.range(0, 1_001)
                .mapToObj(i -> "{\"$ref\":\"#/$defs/a\"}")
                .collect(Collectors.joining(","));
        assertThat(problemsOf(DEFS + "{\"a\":true},\"anyOf\":[" + references + "]}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).isEqualTo("at most 1000 references were expected"));
    }

    @Test
    void aReferenceWrittenInManyWaysIsNotCompiledInEach() {
        // Given
        String wide =
                IntStream.range(0, 5_000).mapToObj(i -> "\"p" + i + "\":{}").collect(Collectors.joining(","));
        String references = IntStream.range(0, 256)
                .mapToObj(way -> {
                    StringBuilder name = new StringBuilder();
                    for (int bit = 0; bit < 8; bit++) {
                        name.append((way >> bit & 1) == 0 ? "a" : "%61");
                    }
                    return "{\"$ref\":\"#/$defs/" + name + "\"}";
                })
                .collect(Collectors.joining(","));

        // Then
        assertThat(problemsOf(
                        DEFS + "{\"aaaaaaaa\":{\"properties\":{" + wide + "}}},\"prefixItems\":[" + references + "]}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("100000 values"));
    }

    @Test
    void theDeepestCheckFitsThreeQuartersOfAThreadsUsualStack() throws Exception {
        // Given
        List<String> circles = List.of("allOf", "anyOf", "oneOf").stream()
                .map(keyword -> "{\"" + keyword + "\":[{\"if\":{\"not\":{\"$ref\":\"#\"}}}]}")
                .toList();
        List<List<Problem>> answers = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();

        // When
        Thread thread = new Thread(
                null,
                () -> {
                    circles.forEach(circle -> answers.add(problemsOf(circle)));
                    String tree = "{\"properties\":{\"x\":{\"allOf\":[{\"anyOf\":[{\"oneOf\":[{\"$ref\":\"#\"}]}]}]}}}";
                    try {
                        answers.add(check(tree, "{\"x\":".repeat(199) + "{}" + "}".repeat(199)));
                    } catch (Budget.Spent e) {
                        answers.add(List.of(Problem.value(String.valueOf(e.getMessage()))));
                    }
                },
                "small stack",
                768 * 1024);
        thread.setUncaughtExceptionHandler((which, failure) -> failures.add(failure));
        thread.start();
        thread.join();

        // Then
        assertThat(failures).isEmpty();
        assertThat(answers)
                .hasSize(4)
                .allSatisfy(problems -> assertThat(problems)
                        .singleElement()
                        .satisfies(problem -> assertThat(problem.message()).contains("levels")));
    }

    @Test
    void tenThousandPropertiesAreCompiledAndChecked() {
        // Given
        String properties = IntStream.range(0, 10_000)
                .mapToObj(i -> "\"p" + i + "\":{\"$ref\":\"#/$defs/a\"}".replace("{\"$ref\":\"#/$defs/a\"}", "{}"))
                .collect(Collectors.joining(","));
        String payload =
                IntStream.range(0, 10_000).mapToObj(i -> "\"p" + i + "\":1").collect(Collectors.joining(","));

        // Then
        String schema = "{\"additionalProperties\":false,\"properties\":{" + properties + "}}";
        assertThat(problemsOf(schema)).isEmpty();
        assertThat(check(schema, "{" + payload + "}")).isEmpty();
        assertThat(check(schema, "{" + payload + ",\"q\":1}")).hasSize(1);
    }

    @Test
    void ofAHugeEnumerationTheAnswerTellsTheBeginning() {
        // Given
        String values =
                IntStream.range(0, 20_000).mapToObj(i -> "\"v" + i + "\"").collect(Collectors.joining(","));
        String schema = "{\"items\":{\"enum\":[" + values + "]}}";
        assertThat(problemsOf(schema)).isEmpty();

        // Then
        assertThat(check(schema, "[" + "\"v19999\",".repeat(50_000) + "\"v0\"]"))
                .isEmpty();
        assertThat(check(schema, "[" + "\"none\",".repeat(1_000) + "\"v0\"]"))
                .hasSize(20)
                .allSatisfy(problem -> assertThat(problem.message()).hasSizeLessThan(700));
    }

    @Test
    void aPayloadOfAMebibyteIsChecked() {
        // Given
        String schema =
                "{\"type\":\"object\",\"properties\":{\"items\":{\"items\":{\"type\":\"integer\",\"minimum\":1}}}}";
        String items = "1,".repeat(500_000) + "0";

        // Then
        assertThat(check(schema, "{\"items\":[" + items + "]}")).singleElement().satisfies(problem -> {
            assertThat(problem.place()).containsExactly("body", "payload", "items", "[500000]");
            assertThat(problem.message()).startsWith("/items/500000: ").contains("1");
        });
    }

    @Test
    void textsOfTheSameHashDoNotMakeUniqueItemsSlow() {
        // Given
        List<String> same = List.of("");
        for (int i = 0; i < 14; i++) {
            same = same.stream()
                    .flatMap(text -> List.of(text + "Aa", text + "BB").stream())
                    .toList();
        }
        String payload = same.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(",", "[", "]"));

        // Then
        assertThatThrownBy(() -> check("{\"uniqueItems\":true}", payload))
                .isInstanceOf(Budget.Spent.class)
                .hasMessageContaining("unique");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1e400", "[1e309]"})
    void numbersOutOfRangeAreNotCalculatedWith(String number) {
        assertThat(check("{\"multipleOf\":0.1}", number))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("numbers of -1.79e308 to 1.79e308"));
        assertThat(problemsOf("{\"maximum\":" + number + "}")).isNotEmpty();
    }

    @Test
    void aBigIntegerBeyondTheRangeIsNotCalculatedWith() {
        assertThat(check("{\"multipleOf\":7}", "9".repeat(500))).hasSize(1);
    }

    @Test
    void aSchemaOfAnotherDraftOrShapeIsRefusedWithItsPlace() {
        assertThat(problemsOf("{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}")
                        .get(0)
                        .place())
                .containsExactly("body", "schemas", "1", "$schema");
        assertThat(problemsOf("{\"properties\":{\"a\":{\"type\":\"text\"}}}")
                        .get(0)
                        .place())
                .containsExactly("body", "schemas", "1", "properties", "a", "type");
        assertThat(problemsOf("{\"items\":[{}]}")).isNotEmpty();
        assertThat(problemsOf("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"items\":[{}]}"))
                .isEmpty();
        assertThat(problemsOf("5")).hasSize(1);
    }
}
