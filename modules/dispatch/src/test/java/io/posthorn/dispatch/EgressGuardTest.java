package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.EgressConfig;
import io.posthorn.contract.TargetUrl;
import io.posthorn.dispatch.EgressGuard.Route;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EgressGuardTest {
    private static final TargetUrl URL = TargetUrl.parse("https://receiver.example.com/hook");
    private static final EgressConfig CONFIG = new EgressConfig(
            List.of(),
            List.of(),
            null,
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(3),
            null,
            false,
            Duration.ofSeconds(60));

    private final List<String> asked = new ArrayList<>();
    private final ArrayDeque<Promise<List<String>>> answers = new ArrayDeque<>();
    private long nanos;
    private final EgressGuard guard =
            new EgressGuard(new AddressPolicy(List.of(), List.of()), this::ask, CONFIG, () -> nanos);

    private Future<List<String>> ask(String name) {
        asked.add(name);
        Promise<List<String>> answer = Promise.promise();
        answers.add(answer);
        return answer.future();
    }

    @Test
    void whatWasFoundIsKeptForItsTime() {
        // Given
        Future<Route> first = guard.routeTo(URL);
        answers.remove().complete(List.of("2600::1", "8.8.8.8"));
        assertThat(first.result()).isEqualTo(new Route.Open(List.of("8.8.8.8", "2600::1")));

        // When
        nanos += Duration.ofSeconds(19).toNanos();

        // Then
        assertThat(guard.routeTo(URL).result()).isEqualTo(first.result());
        nanos += Duration.ofSeconds(2).toNanos();
        assertThat(guard.routeTo(URL).isComplete()).isFalse();
        assertThat(asked).hasSize(2);
    }

    @Test
    void whatWasNotFoundIsKeptForItsOwnTime() {
        // Given
        Future<Route> first = guard.routeTo(URL);
        answers.remove().fail(new NameResolver.UnknownName("name not found"));
        assertThat(first.result()).isEqualTo(new Route.Unknown("name not found"));

        // When
        nanos += Duration.ofSeconds(2).toNanos();

        // Then
        assertThat(guard.routeTo(URL).result()).isEqualTo(first.result());
        nanos += Duration.ofSeconds(2).toNanos();
        assertThat(guard.routeTo(URL).isComplete()).isFalse();
        assertThat(asked).hasSize(2);
    }

    @Test
    void aNameIsLookedUpOnceForAllThatWaitForIt() {
        // Given
        Future<Route> first = guard.routeTo(URL);
        Future<Route> second = guard.routeTo(URL);

        // When
        answers.remove().complete(List.of("8.8.8.8", "10.0.0.1"));

        // Then
        assertThat(asked).containsExactly("receiver.example.com");
        assertThat(first.result()).isEqualTo(new Route.Blocked());
        assertThat(second.result()).isEqualTo(new Route.Blocked());
    }

    @Test
    void anAnswerThatIsNoAddressLeadsNowhere() {
        Future<Route> route = guard.routeTo(URL);

        answers.remove().complete(List.of("8.8.8.8", "fe80::1%eth0"));

        assertThat(route.result()).isEqualTo(new Route.Unknown("name look-up failed"));
    }
}
