package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.IngestionConfig;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.OrganizationId;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestLimitApiTest extends ApiTestBase {
    private static final String CHECK = "/app?limit=1";

    @Override
    IngestionConfig config() {
        return new IngestionConfig(
                "127.0.0.1", 0, MAX_BODY_BYTES, 3, Duration.ofSeconds(10), 1, SECRET, null, 3, Duration.ofSeconds(60));
    }

    @Test
    void everyAnswerSaysWhereTheTokenStands() throws Exception {
        // When
        Answer first = get(CHECK).expect(200);
        clock.advance(Duration.ofMillis(17_500));
        Answer second = get("/app/none").expect(404);

        // Then
        assertThat(header(first, "ratelimit-policy")).isEqualTo("\"token\";q=3;w=60");
        assertThat(header(first, "ratelimit")).isEqualTo("\"token\";r=2;t=60");
        assertThat(header(second, "ratelimit")).isEqualTo("\"token\";r=1;t=43");
    }

    @Test
    void moreThanTheLimitIsRefusedUntilTheWindowEnds() throws Exception {
        // Given
        for (int i = 0; i < 3; i++) {
            get(CHECK).expect(200);
        }
        clock.advance(Duration.ofSeconds(20));

        // When
        Answer refused = get(CHECK);
        Answer stillRefused = post("/app", "{\"name\":\"N\"}");
        clock.advance(Duration.ofSeconds(40));
        Answer later = get(CHECK);

        // Then
        assertThat(refused.expect(429).json().getString("code")).isEqualTo("rate_limited");
        assertThat(header(refused, "retry-after")).isEqualTo("40");
        assertThat(header(refused, "ratelimit")).isEqualTo("\"token\";r=0;t=40");
        stillRefused.expect(429);
        assertThat(header(later.expect(200), "ratelimit")).isEqualTo("\"token\";r=2;t=60");
    }

    @Test
    void eachTokenHasItsOwnLimitHoweverItIsWritten() throws Exception {
        // Given
        String mine = token;
        for (int i = 0; i < 3; i++) {
            get(CHECK).expect(200);
        }

        // When
        Answer spelt = send(request("GET", "/api/v1" + CHECK, null).setHeader("authorization", "bearer   " + mine));
        token = TokenIssuer.organizationToken(SECRET, OrganizationId.DEFAULT, Duration.ofDays(2), clock.instant());
        Answer other = get(CHECK);

        // Then
        spelt.expect(429);
        other.expect(200);
    }

    @Test
    void refusedAccessCountsAndABadTokenDoesNot() throws Exception {
        // Given
        String good = token;
        token = "bad";
        Answer bad = get(CHECK);
        token = TokenIssuer.applicationToken(
                SECRET,
                OrganizationId.DEFAULT,
                ApplicationId.at(clock.millis()),
                Set.of(),
                Duration.ofDays(1),
                clock.instant());

        // When
        Answer forbidden = get(CHECK);
        token = good;

        // Then
        assertThat(bad.expect(401).response().headers().firstValue("ratelimit")).isEmpty();
        assertThat(header(forbidden.expect(403), "ratelimit")).isEqualTo("\"token\";r=2;t=60");
        assertThat(header(get(CHECK).expect(200), "ratelimit")).isEqualTo("\"token\";r=2;t=60");
    }

    @Test
    void clockThatIsSetBackBeginsAWindow() throws Exception {
        // Given
        for (int i = 0; i < 4; i++) {
            get(CHECK).response();
        }
        get(CHECK).expect(429);

        // When
        clock.advance(Duration.ofHours(-1));

        // Then
        assertThat(header(get(CHECK).expect(200), "ratelimit")).isEqualTo("\"token\";r=2;t=60");
    }

    @Test
    void whatNeedsNoTokenIsNotLimited() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(get("/health/ping").expect(204).response().headers().firstValue("ratelimit"))
                    .isEmpty();
        }
    }

    private static String header(Answer answer, String name) {
        return answer.response().headers().firstValue(name).orElse("");
    }
}
