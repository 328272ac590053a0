package io.posthorn.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndpointTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @Test
    void withoutFiltersItWantsEverything() {
        Endpoint endpoint = endpoint(null, null, false);

        assertThat(endpoint.wants("a", Set.of())).isTrue();
        assertThat(endpoint.wants("b", Set.of("eu"))).isTrue();
    }

    @Test
    void wantsOnlyItsEventTypes() {
        Endpoint endpoint = endpoint(Set.of("a", "b"), null, false);

        assertThat(endpoint.wants("a", Set.of("eu"))).isTrue();
        assertThat(endpoint.wants("a.b", Set.of())).isFalse();
        assertThat(endpoint(Set.of(), null, false).wants("a", Set.of())).isFalse();
    }

    @Test
    void withChannelsItWantsOnlyMessagesThatShareOne() {
        Endpoint endpoint = endpoint(null, Set.of("eu", "us"), false);

        assertThat(endpoint.wants("a", Set.of("us", "asia"))).isTrue();
        assertThat(endpoint.wants("a", Set.of("asia"))).isFalse();
        assertThat(endpoint.wants("a", Set.of())).isFalse();
    }

    @Test
    void bothFiltersMustAgree() {
        Endpoint endpoint = endpoint(Set.of("a"), Set.of("eu"), false);

        assertThat(endpoint.wants("a", Set.of("eu"))).isTrue();
        assertThat(endpoint.wants("a", Set.of("us"))).isFalse();
        assertThat(endpoint.wants("b", Set.of("eu"))).isFalse();
    }

    @Test
    void disabledItWantsNothing() {
        assertThat(endpoint(null, null, true).wants("a", Set.of())).isFalse();
    }

    @Test
    void saysWhyItDoesNotWantAMessage() {
        assertThat(endpoint(Set.of("a"), Set.of("eu"), true).refusals("b", Set.of()))
                .containsExactlyInAnyOrder(
                        Endpoint.Refusal.DISABLED, Endpoint.Refusal.EVENT_TYPE, Endpoint.Refusal.CHANNELS);
        assertThat(endpoint(Set.of("a"), null, false).refusals("b", Set.of()))
                .containsExactly(Endpoint.Refusal.EVENT_TYPE);
        assertThat(endpoint(Set.of("a"), Set.of("eu"), false).refusals("a", Set.of("us")))
                .containsExactly(Endpoint.Refusal.CHANNELS);
        assertThat(endpoint(null, null, false).refusals("a", Set.of())).isEmpty();
    }

    @Test
    void changesKeepEverythingElse() {
        Endpoint endpoint = endpoint(Set.of("a"), Set.of("eu"), false);
        Instant later = NOW.plusSeconds(60);
        EndpointSecret secret = new EndpointSecret(new Secret("whsec_bmV3"), null);

        Endpoint changed = endpoint.withDisabled(true, later)
                .withSecrets(List.of(secret), later)
                .withFailingSince(later)
                .withSending(Sending.AS_CONFIGURED, later)
                .withVersion(9);

        assertThat(changed.disabled()).isTrue();
        assertThat(changed.secrets()).containsExactly(secret);
        assertThat(changed.failingSince()).isEqualTo(later);
        assertThat(changed.sending()).isEqualTo(Sending.AS_CONFIGURED);
        assertThat(changed.updatedAt()).isEqualTo(later);
        assertThat(changed.version()).isEqualTo(9);
        assertThat(changed)
                .usingRecursiveComparison()
                .ignoringFields("disabled", "secrets", "sending", "failingSince", "updatedAt", "version")
                .isEqualTo(endpoint);
    }

    @Test
    void rotatedSecretSignsUntilItExpires() {
        EndpointSecret current = new EndpointSecret(new Secret("whsec_YQ=="), null);
        EndpointSecret rotated = new EndpointSecret(new Secret("whsec_Yg=="), NOW);

        assertThat(current.signsAt(NOW.plusSeconds(1))).isTrue();
        assertThat(rotated.signsAt(NOW.minusMillis(1))).isTrue();
        assertThat(rotated.signsAt(NOW)).isFalse();
    }

    @Test
    void neverShowsItsSecrets() {
        assertThat(endpoint(null, null, false).toString())
                .contains("[redacted]", "x-tenant")
                .doesNotContain("whsec_", "example", "/hooks");
    }

    @Test
    void limitWithAWindowGoesBeforeTheRate() {
        // Given
        Throttle hourly = Throttle.of(1, Duration.ofHours(1));

        // Then
        assertThat(endpoint(null, null, false).limit()).isEqualTo(Throttle.of(5, Duration.ofSeconds(1)));
        assertThat(endpoint(Sending.AS_CONFIGURED.withThrottle(hourly)).limit()).isEqualTo(hourly);
        assertThat(Sending.AS_CONFIGURED
                        .withThrottle(hourly)
                        .withRetryPolicy(RetryPolicy.STANDARD)
                        .throttle())
                .isEqualTo(hourly);
    }

    private static Endpoint endpoint(Set<String> eventTypes, Set<String> channels, boolean disabled) {
        return endpoint(eventTypes, channels, disabled, Sending.AS_CONFIGURED.withRetryPolicy(RetryPolicy.STANDARD));
    }

    private static Endpoint endpoint(Sending sending) {
        return endpoint(null, null, false, sending);
    }

    private static Endpoint endpoint(Set<String> eventTypes, Set<String> channels, boolean disabled, Sending sending) {
        return new Endpoint(
                EndpointId.at(NOW.toEpochMilli()),
                ApplicationId.at(NOW.toEpochMilli()),
                "main",
                "https://receiver.example.com/hooks",
                "An endpoint",
                5,
                disabled,
                eventTypes,
                channels,
                Map.of("team", "billing"),
                Map.of("x-tenant", "example"),
                List.of(new EndpointSecret(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), null)),
                sending,
                null,
                NOW,
                NOW,
                1);
    }
}
