package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.EndpointAuth.ClientAuthentication;
import io.posthorn.contract.Secret;
import io.posthorn.dispatch.AccessTokens.AccessToken;
import io.posthorn.dispatch.AccessTokens.TokenRefused;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessTokensTest {
    private static final EndpointAuth.OAuth2 ONE = credentials("one");

    private final List<Promise<AccessToken>> asked = new ArrayList<>();
    private final AccessTokens tokens = tokens(0L);

    /** Near the end of its range, where it wraps around. */
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();

    @Test
    void oneRequestServesAllWhoWaitAndAllWhoComeLater() {
        // When
        Future<AccessToken> first = tokens.of(ONE);
        Future<AccessToken> second = tokens.of(credentials("one"));
        answer(0, "t-1", Duration.ofHours(1));

        // Then
        assertThat(first.result().value()).isEqualTo("t-1");
        assertThat(second.result().value()).isEqualTo("t-1");
        assertThat(tokens.of(ONE).result().value()).isEqualTo("t-1");
        assertThat(asked).hasSize(1);
    }

    @Test
    void credentialsThatDifferInAnythingHaveTheirOwn() {
        assertThat(tokens.of(ONE).isComplete()).isFalse();
        assertThat(tokens.of(credentials("other")).isComplete()).isFalse();

        assertThat(asked).hasSize(2);
    }

    @Test
    void isAskedForAnewShortlyBeforeItExpires() {
        // Given
        given(tokens, "t-1", Duration.ofSeconds(100));

        // Then: a tenth before
        pass(Duration.ofSeconds(90).minusNanos(1));
        assertThat(tokens.of(ONE).result().value()).isEqualTo("t-1");
        pass(Duration.ofNanos(1));
        assertThat(tokens.of(ONE).isComplete()).isFalse();
        answer(1, "t-2", Duration.ofSeconds(100));
        assertThat(tokens.of(ONE).result().value()).isEqualTo("t-2");
    }

    @Test
    void marginIsSpreadUpToTwice() {
        // Given
        AccessTokens late = tokens(-1L);
        given(late, "t-1", Duration.ofSeconds(100));

        // Then
        pass(Duration.ofSeconds(80).minusMillis(1));
        assertThat(late.of(ONE).isComplete()).isTrue();
        pass(Duration.ofMillis(2));
        assertThat(late.of(ONE).isComplete()).isFalse();
    }

    @Test
    void marginOfALongOneIsHalfAMinuteAndNoneIsKeptForMoreThanADay() {
        // Given
        given(tokens, "t-1", Duration.ofDays(400));

        // Then
        pass(Duration.ofHours(24).minusSeconds(30).minusNanos(1));
        assertThat(tokens.of(ONE).isComplete()).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(tokens.of(ONE).isComplete()).isFalse();
    }

    @Test
    void oneThatDoesNotSayItsTimeIsUsedForFiveMinutes() {
        // Given
        given(tokens, "t-1", null);

        // Then
        pass(Duration.ofSeconds(270).minusNanos(1));
        assertThat(tokens.of(ONE).isComplete()).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(tokens.of(ONE).isComplete()).isFalse();
    }

    @Test
    void oneThatIsOverAtOnceServesThoseWhoWaitedOnly() {
        // When
        Future<AccessToken> waited = tokens.of(ONE);
        answer(0, "t-1", Duration.ZERO);

        // Then
        assertThat(waited.result().value()).isEqualTo("t-1");
        assertThat(tokens.of(ONE).isComplete()).isFalse();
    }

    @Test
    void timeOfATokenRunsFromWhenItWasAskedFor() {
        // Given
        assertThat(tokens.of(ONE).isComplete()).isFalse();
        pass(Duration.ofSeconds(90));
        answer(0, "t-1", Duration.ofSeconds(100));

        // Then
        assertThat(tokens.of(ONE).isComplete()).isFalse();
    }

    @Test
    void oneThatAReceiverRefusedIsNotUsedAgain() {
        // Given
        AccessToken first = given(tokens, "t-1", Duration.ofHours(1));

        // When
        tokens.refused(ONE, first);

        // Then
        assertThat(tokens.of(ONE).isComplete()).isFalse();
        answer(1, "t-2", Duration.ofHours(1));

        // When: an attempt that began with the old one is answered late
        tokens.refused(ONE, first);

        // Then
        assertThat(tokens.of(ONE).result().value()).isEqualTo("t-2");
    }

    @Test
    void failureIsToldToAllWhoWaitAndNotKept() {
        // When
        Future<AccessToken> first = tokens.of(ONE);
        Future<AccessToken> second = tokens.of(ONE);
        asked.get(0).fail(new TokenRefused("token endpoint answered 503"));

        // Then
        assertThat(first.cause()).hasMessage("token endpoint answered 503");
        assertThat(second.cause()).hasMessage("token endpoint answered 503");
        assertThat(tokens.of(ONE).isComplete()).isFalse();
        assertThat(asked).hasSize(2);
    }

    @Test
    void noMoreWaitThanMay() {
        for (int i = 0; i < AccessTokens.MAX_WAITING; i++) {
            assertThat(tokens.of(ONE).isComplete()).isFalse();
        }

        assertThat(tokens.of(ONE).cause()).hasMessage("too many attempts wait for the token endpoint");
        answer(0, "t-1", Duration.ofHours(1));
        assertThat(tokens.of(ONE).succeeded()).isTrue();
    }

    @Test
    void noMoreTokenEndpointsAreAskedThanMay() {
        for (int i = 0; i < AccessTokens.MAX_ASKED; i++) {
            assertThat(tokens.of(credentials("c" + i)).isComplete()).isFalse();
        }

        assertThat(tokens.of(ONE).cause()).hasMessage("too many token endpoints are being asked");
        answer(0, "t", Duration.ofHours(1));
        assertThat(tokens.of(ONE).isComplete()).isFalse();
    }

    @Test
    void forgetsThoseUsedLeast() {
        // Given
        given(tokens, "t-1", Duration.ofHours(1));
        for (int i = 0; i < AccessTokens.MAX_KEPT; i++) {
            assertThat(tokens.of(credentials("c" + i)).isComplete()).isFalse();
            answer(asked.size() - 1, "t", Duration.ofHours(1));
        }

        // Then
        assertThat(tokens.of(credentials("c1")).succeeded()).isTrue();
        assertThat(tokens.of(ONE).isComplete()).isFalse();
    }

    @Test
    void isNotShown() {
        assertThat(new AccessToken("hidden", null)).hasToString("[redacted]");
    }

    private AccessToken given(AccessTokens from, String value, Duration validFor) {
        Future<AccessToken> token = from.of(ONE);
        answer(asked.size() - 1, value, validFor);
        return token.result();
    }

    private void answer(int index, String value, Duration validFor) {
        asked.get(index).complete(new AccessToken(value, validFor));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    /** @param bits 0 for the least of each draw, -1 for the most */
    private AccessTokens tokens(long bits) {
        return new AccessTokens(
                credentials -> {
                    Promise<AccessToken> promise = Promise.promise();
                    asked.add(promise);
                    return promise.future();
                },
                () -> nanos,
                () -> bits);
    }

    private static EndpointAuth.OAuth2 credentials(String client) {
        return new EndpointAuth.OAuth2(
                "https://id.example.com/token",
                client,
                new Secret("s"),
                List.of(),
                null,
                Map.of(),
                ClientAuthentication.BASIC);
    }
}
