package io.posthorn.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final ApplicationId APP = ApplicationId.at(NOW.toEpochMilli());
    private static final EndpointId ENDPOINT = EndpointId.at(NOW.toEpochMilli());
    private static final NodeId NODE = new NodeId("node-1");

    @Test
    void booksBalanceWhenEveryCreatedDeliveryIsSomewhere() {
        assertThat(Books.EMPTY.balance()).isTrue();
        assertThat(new Books(15, 1, 2, 3, 4, 5).balance()).isTrue();
        assertThat(new Books(14, 1, 2, 3, 4, 5).balance()).isFalse();
    }

    @Test
    void booksAddUp() {
        assertThat(new Books(15, 1, 2, 3, 4, 5).plus(new Books(150, 10, 20, 30, 40, 50)))
                .isEqualTo(new Books(165, 11, 22, 33, 44, 55));
    }

    @Test
    void standardPolicyIsTenAttemptsOver75Hours35Minutes() {
        Duration all = RetryPolicy.STANDARD.delays().stream().reduce(Duration.ZERO, Duration::plus);

        assertThat(RetryPolicy.STANDARD.delays()).hasSize(9);
        assertThat(all).isEqualTo(Duration.ofHours(75).plusMinutes(35).plusSeconds(5));
    }

    @Test
    void policyKeepsItsBounds() {
        List<Duration> most = Collections.nCopies(RetryPolicy.MAX_RETRIES, Duration.ZERO);
        List<Duration> tooMany = Collections.nCopies(RetryPolicy.MAX_RETRIES + 1, Duration.ZERO);

        assertThat(new RetryPolicy(most, 0.5).delays()).hasSize(100);
        assertThat(new RetryPolicy(List.of(), 0).delays()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(tooMany, 0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(List.of(Duration.ofSeconds(-1)), 0.1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 0.51, Double.NaN, Double.POSITIVE_INFINITY})
    void policyRefusesOtherJitter(double jitter) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(List.of(), jitter));
    }

    @Test
    void exponentialPolicyGrowsByItsFactorUpToTheLongest() {
        RetryPolicy doubled = RetryPolicy.exponential(Duration.ofSeconds(1), 2, Duration.ofSeconds(5), 5, 0.1);
        RetryPolicy slow = RetryPolicy.exponential(Duration.ofSeconds(2), 1.5, Duration.ofDays(1), 3, 0);
        RetryPolicy huge = RetryPolicy.exponential(Duration.ofHours(1), 1e300, Duration.ofDays(30), 4, 0);

        assertThat(doubled.delays())
                .containsExactly(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5));
        assertThat(doubled.jitter()).isEqualTo(0.1);
        assertThat(slow.delays())
                .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofMillis(4500));
        assertThat(huge.delays().subList(1, 4)).containsOnly(Duration.ofDays(30));
        assertThat(RetryPolicy.exponential(Duration.ofSeconds(1), 2, Duration.ofSeconds(5), 0, 0)
                        .delays())
                .isEmpty();
    }

    @Test
    void exponentialPolicyKeepsItsBounds() {
        Duration second = Duration.ofSeconds(1);

        assertThatIllegalArgumentException().isThrownBy(() -> RetryPolicy.exponential(second, 0.9, second, 3, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.exponential(second, Double.NaN, second, 3, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> RetryPolicy.exponential(second, 2, second, 101, 0));
    }

    @Test
    void sendingKeepsItsBounds() {
        Sending usual = Sending.AS_CONFIGURED;
        Set<Integer> tooMany = IntStream.rangeClosed(400, 500).boxed().collect(Collectors.toSet());

        assertThat(usual.withTimeout(Sending.MAX_TIMEOUT).timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withTimeout(Duration.ofSeconds(601)));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withMaxInFlight(0));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withMaxInFlight(100_001));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withMaxAge(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withMaxAge(Duration.ofDays(3651)));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withFinalStatuses(Set.of(99)));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withFinalStatuses(Set.of(600)));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withFinalStatuses(tooMany));
    }

    @Test
    void eachPartOfSendingChangesAlone() {
        RetryPolicy policy = new RetryPolicy(List.of(), 0);
        Sending whole = Sending.AS_CONFIGURED
                .withRetryPolicy(policy)
                .withMaxAge(Duration.ofDays(1))
                .withFinalStatuses(Set.of(404))
                .withTimeout(Duration.ofSeconds(5))
                .withMaxInFlight(3);

        assertThat(whole)
                .isEqualTo(new Sending(
                        policy, Duration.ofDays(1), Set.of(404), Duration.ofSeconds(5), 3, null, null, null));
        assertThat(whole.withMaxAge(null))
                .isEqualTo(new Sending(policy, null, Set.of(404), Duration.ofSeconds(5), 3, null, null, null));
        assertThat(whole.withFinalStatuses(Set.of()).finalStatuses()).isEmpty();
        TlsOptions tls = new TlsOptions(TlsVersion.TLS_1_3, null, null);
        assertThat(whole.withTls(tls))
                .isEqualTo(new Sending(
                        policy, Duration.ofDays(1), Set.of(404), Duration.ofSeconds(5), 3, null, null, tls));
        assertThat(whole.withTls(tls).withMaxInFlight(4).tls()).isEqualTo(tls);
        assertThat(whole.withTls(tls).withTls(null)).isEqualTo(whole);
    }

    @Test
    void tlsOptionsKeepTheirBounds() {
        Secret key = new Secret("k");

        assertThat(new TlsOptions(null, "c".repeat(TlsOptions.MAX_CA_LENGTH), null).caCertificates())
                .hasSize(49_152);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TlsOptions(null, "c".repeat(TlsOptions.MAX_CA_LENGTH + 1), null))
                .withMessage("caCertificates must have at most 49152 characters: 49153");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TlsOptions.Identity("c".repeat(TlsOptions.MAX_CHAIN_LENGTH + 1), key))
                .withMessage("identity.certificates must have at most 32768 characters: 32769");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TlsOptions.Identity("c", new Secret("k".repeat(TlsOptions.MAX_KEY_LENGTH + 1))))
                .withMessage("identity.key must have at most 16384 characters: 16385");
    }

    @Test
    void tlsOptionsShowNoKey() {
        TlsOptions options = new TlsOptions(
                TlsVersion.TLS_1_3, "authorities", new TlsOptions.Identity("chain", new Secret("very private")));

        assertThat(Sending.AS_CONFIGURED.withTls(options).toString())
                .contains("TLS_1_3", "11 characters", "[redacted]")
                .doesNotContain("private");
    }

    @Test
    void claimKeepsItsBounds() {
        Duration second = Duration.ofSeconds(1);

        assertThat(new ClaimRequest(NODE, ClaimRequest.MAX, second, Duration.ZERO).max())
                .isEqualTo(4096);
        assertThatIllegalArgumentException().isThrownBy(() -> new ClaimRequest(NODE, 0, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new ClaimRequest(NODE, 4097, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new ClaimRequest(NODE, 1, Duration.ZERO, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new ClaimRequest(NODE, 1, second.negated(), second));
        assertThatIllegalArgumentException().isThrownBy(() -> new ClaimRequest(NODE, 1, second, second.negated()));
    }

    @Test
    void pageKeepsItsBounds() {
        assertThat(new PageRequest(250, null, false, true).limit()).isEqualTo(250);
        assertThatIllegalArgumentException().isThrownBy(() -> new PageRequest(0, null, false, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new PageRequest(251, null, false, true));
    }

    @Test
    void controlsKeepTheirBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new QueueControl.Limit(APP, ENDPOINT, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueueControl.Park(APP, ENDPOINT, NOW, WaitCause.CIRCUIT_OPEN, 0));
    }

    @Test
    void recordsAreNotChangedThroughWhatTheyWereMadeOf() {
        // Given
        Set<String> channels = new HashSet<>(Set.of("eu"));
        Message message =
                new Message(MessageId.at(NOW.toEpochMilli()), APP, "a", null, channels, NOW, NOW, Buffer.buffer("{}"));
        List<Problem> problems = new ArrayList<>(List.of(Problem.value("too long", "body", "eventType")));
        CheckOutcome.Rejected rejected = new CheckOutcome.Rejected(problems);

        // When
        channels.add("us");
        problems.clear();

        // Then
        assertThat(message.channels()).containsExactly("eu");
        assertThat(rejected.problems()).hasSize(1);
    }

    @Test
    void messageLosesOnlyItsPayload() {
        Message message = new Message(
                MessageId.at(NOW.toEpochMilli()), APP, "a", "evt-1", Set.of("eu"), NOW, NOW, Buffer.buffer("{}"));

        Message without = message.withoutPayload();

        assertThat(without.payload()).isNull();
        assertThat(without).usingRecursiveComparison().ignoringFields("payload").isEqualTo(message);
        assertThat(without.withoutPayload()).isSameAs(without);
    }

    @Test
    void worstCheckIsTheRolesStatus() {
        RoleHealth.Check good = new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "open");
        RoleHealth.Check weak = new RoleHealth.Check("durable", RoleHealth.Status.DEGRADED, "memory only");
        RoleHealth.Check bad = new RoleHealth.Check("disk", RoleHealth.Status.UNHEALTHY, "full");

        assertThat(new RoleHealth("storage", List.of(good)).status()).isEqualTo(RoleHealth.Status.HEALTHY);
        assertThat(new RoleHealth("storage", List.of(weak, good)).status()).isEqualTo(RoleHealth.Status.DEGRADED);
        assertThat(new RoleHealth("storage", List.of(good, bad, weak)).status()).isEqualTo(RoleHealth.Status.UNHEALTHY);
    }

    @Test
    void onlyThreeStatesAreEnds() {
        assertThat(Arrays.stream(DeliveryState.values()).filter(DeliveryState::isEnd))
                .containsExactly(DeliveryState.SUCCEEDED, DeliveryState.FAILED, DeliveryState.CANCELLED);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyErrorHasAnErrorStatusAndOnlyOverloadIsWorthARetry(ErrorCode code) {
        assertThat(code.code()).isNotEmpty();
        assertThat(code.httpStatus()).isBetween(400, 599);
        assertThat(code.retryable()).isEqualTo(code.httpStatus() == 429 || code.httpStatus() == 503);
    }

    @Test
    void errorCodesAreDistinct() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
    }

    @Test
    void exceptionCarriesCodeAndCause() {
        Throwable cause = new IllegalStateException("inner");
        PosthornException failure = new PosthornException(ErrorCode.TIMEOUT, "too late", cause);

        assertThat(failure).hasMessage("too late").hasCause(cause);
        assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(failure.getStackTrace()).isEmpty();
    }

    @Test
    void secretIsNeverShown() {
        assertThat(new Secret("whsec_abc")).hasToString("[redacted]");
        assertThat(new Secret("whsec_abc").value()).isEqualTo("whsec_abc");
    }

    @Test
    void problemsSayTheirKind() {
        assertThat(Problem.value("too long", "body", "[0]").type()).isEqualTo("value_error");
        assertThat(Problem.unreadable("not JSON", "body").type()).isEqualTo("value_error.jsondecode");
        assertThat(Problem.value("too long", "body", "[0]").place()).containsExactly("body", "[0]");
    }

    @Test
    void entitiesTakeTheirStoredVersion() {
        Application app = new Application(APP, OrganizationId.DEFAULT, null, "An app", null, Map.of(), NOW, NOW, 0);
        EventType type = new EventType("a.b", OrganizationId.DEFAULT, "A type", false, false, null, null, NOW, NOW, 0);

        assertThat(app.withVersion(3))
                .isEqualTo(new Application(APP, OrganizationId.DEFAULT, null, "An app", null, Map.of(), NOW, NOW, 3));
        assertThat(type.withVersion(3).version()).isEqualTo(3);
        assertThat(type.withVersion(0)).isEqualTo(type);
    }

    @Test
    void healthAddressesBelongToTheirRole() {
        assertThat(Addresses.healthOf("storage").name()).isEqualTo("posthorn.storage.health");
    }
}
