package io.posthorn.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.CheckOutcome;
import io.posthorn.contract.MessageDraft;
import io.posthorn.contract.Problem;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCheckTest {
    private static final Duration RETENTION = Duration.ofDays(90);
    private final MessageCheck check = new MessageCheck(Configs.of(1_000, 20, false), RETENTION);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{ \"amount\": 1.50 }",
                "{\"a\":\"\\u00e9\\/\", \"b\" : [ 1e3 ,\t-0.10,\n{ } ] }",
                "{\"emoji\":\"😀\",\"k\":{\"payload\":{}}}"
            })
    void keepsThePayloadByteForByte(String payload) {
        // When
        CheckOutcome outcome = check("  {\"é\": [1], \"payload\" : " + payload + " ,\"eventType\":\"invoice.paid\"} ");

        // Then
        assertThat(outcome).isInstanceOfSatisfying(CheckOutcome.Checked.class, checked -> {
            assertThat(checked.payload().toString()).isEqualTo(payload);
            assertThat(checked.eventType()).isEqualTo("invoice.paid");
            assertThat(checked.retention()).isEqualTo(RETENTION);
        });
    }

    @Test
    void smallPayloadDoesNotKeepALargeBodyInMemory() {
        // Given
        Buffer body =
                Buffer.buffer("{\"eventType\":\"a\",\"junk\":\"" + "z".repeat(100_000) + "\",\"payload\":{\"x\":1}}");

        // When
        Buffer payload = ((CheckOutcome.Checked) check.check(new MessageDraft(body, null))).payload();
        body.setString(body.length() - 8, "{\"y\":2}");

        // Then
        assertThat(payload.toString()).isEqualTo("{\"x\":1}");
    }

    @Test
    void takesARawPayloadAsItIs() {
        // When
        CheckOutcome outcome = check("{\"eventType\":\"a\",\"payload\":{},"
                + "\"transformationsParams\":{\"rawPayload\":\"not json \\u00e9\",\"other\":[1]}}");

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        CheckOutcome.Checked.class,
                        checked -> assertThat(checked.payload().toString()).isEqualTo("not json é"));
    }

    @Test
    void readsEveryField() {
        // When
        CheckOutcome outcome = check(
                "{\"eventType\":\"a\",\"data\":{\"x\":1},\"eventId\":\"e-1\",\"channels\":[\"b\",\"c\"],"
                        + "\"payloadRetentionPeriod\":7,\"application\":{\"uid\":\"u\", \"name\":\"N\"},\"unknown\":null}");

        // Then
        assertThat(outcome).isInstanceOfSatisfying(CheckOutcome.Checked.class, checked -> {
            assertThat(checked.eventId()).isEqualTo("e-1");
            assertThat(checked.channels()).containsExactlyInAnyOrder("b", "c");
            assertThat(checked.retention()).isEqualTo(Duration.ofDays(7));
            assertThat(checked.application()).isEqualTo("{\"uid\":\"u\", \"name\":\"N\"}");
            assertThat(checked.payload().toString()).isEqualTo("{\"x\":1}");
        });
    }

    @Test
    void reportsAllProblemsAtOnceWithTheirPlaces() {
        // When
        List<Problem> problems = problems("{\"eventType\":\"invoice paid\",\"payload\":[1],\"eventId\":\"msg_1\","
                + "\"channels\":[\"ok\",\"not ok\",5],\"payloadRetentionPeriod\":4}");

        // Then
        assertThat(problems)
                .extracting(Problem::place)
                .containsExactlyInAnyOrder(
                        List.of("body", "eventType"),
                        List.of("body", "payload"),
                        List.of("body", "eventId"),
                        List.of("body", "channels", "[1]"),
                        List.of("body", "channels", "[2]"),
                        List.of("body", "payloadRetentionPeriod"));
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(problems("{}"))
                .extracting(Problem::place)
                .containsExactlyInAnyOrder(List.of("body", "eventType"), List.of("body", "payload"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"eventType\":\"a\",\"payload\":{}",
                "{\"eventType\":\"a\",\"payload\":{}} {}",
                "{\"eventType\":\"a\",\"payload\":{\"k\":1,\"k\":2}}",
                "{\"eventType\":\"a\",\"eventType\":\"b\",\"payload\":{}}",
                "{\"eventType\":\"a\",\"payload\":{\"n\":01}}",
                "{eventType:\"a\",\"payload\":{}}"
            })
    void refusesWhatIsNotStrictJson(String body) {
        assertThat(check(body)).isInstanceOf(CheckOutcome.Rejected.class);
    }

    @Test
    void refusesInvalidUtf8() {
        // Given
        Buffer body = Buffer.buffer("{\"eventType\":\"a\",\"payload\":{\"x\":\"")
                .appendBytes(new byte[] {(byte) 0xc0, (byte) 0x80})
                .appendString("\"}}");

        // When
        CheckOutcome outcome = check.check(new MessageDraft(body, null));

        // Then
        assertThat(outcome).isInstanceOf(CheckOutcome.Rejected.class);
    }

    @Test
    void refusesDeepNestingAndEndlessNumbersWithTheirLimits() {
        // Given
        String deep = "{\"x\":".repeat(10_000) + "1" + "}".repeat(10_000);
        String nested20 = "{\"x\":".repeat(20) + "1" + "}".repeat(20);
        String longNumber = "{\"x\":" + "9".repeat(10_000) + "}";

        // Then
        assertThat(problems("{\"eventType\":\"a\",\"payload\":" + deep + "}")
                        .get(0)
                        .message())
                .contains("20 levels");
        assertThat(problems("{\"eventType\":\"a\",\"payload\":" + longNumber + "}")
                        .get(0)
                        .message())
                .contains("1000");
        assertThat(check("{\"eventType\":\"a\",\"payload\":" + nested20 + "}"))
                .isInstanceOf(CheckOutcome.Checked.class);
    }

    @Test
    void namesAPayloadThatIsTooLarge() {
        // When
        List<Problem> problems = problems("{\"eventType\":\"a\",\"payload\":{\"x\":\"" + "y".repeat(1_000) + "\"}}");

        // Then
        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(problem.type()).isEqualTo("payload_too_large"));
    }

    private CheckOutcome check(String body) {
        return check.check(new MessageDraft(Buffer.buffer(body), null));
    }

    private List<Problem> problems(String body) {
        return ((CheckOutcome.Rejected) check(body)).problems();
    }
}
