package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerEndpointTest {
    private final Fixtures fixtures = new Fixtures(new ManualClock());
    private final List<String> made = new ArrayList<>();
    private final PerEndpoint<String> urls = new PerEndpoint<>(endpoint -> {
        made.add(endpoint.url());
        return endpoint.url();
    });

    @Test
    void worksOutOnceWhatStaysTheSame() {
        // Given
        Endpoint endpoint = endpoint("https://example.com/a");

        // When
        String first = urls.of(endpoint);
        String second = urls.of(endpoint);

        // Then
        assertThat(first).isEqualTo("https://example.com/a").isEqualTo(second);
        assertThat(made).hasSize(1);
    }

    @Test
    void seesOtherSettingsOfTheSameVersion() {
        // Given
        Endpoint endpoint = endpoint("https://example.com/a");
        Endpoint ofAnotherStore = new Endpoint(
                endpoint.id(),
                endpoint.application(),
                endpoint.uid(),
                "https://example.com/b",
                endpoint.description(),
                endpoint.throttleRate(),
                endpoint.disabled(),
                endpoint.eventTypes(),
                endpoint.channels(),
                endpoint.metadata(),
                endpoint.headers(),
                endpoint.secrets(),
                endpoint.sending(),
                endpoint.failingSince(),
                endpoint.createdAt(),
                endpoint.updatedAt(),
                endpoint.version());

        // When
        String before = urls.of(endpoint);
        String after = urls.of(ofAnotherStore);

        // Then
        assertThat(before).isEqualTo("https://example.com/a");
        assertThat(after).isEqualTo("https://example.com/b");
    }

    private Endpoint endpoint(String url) {
        ApplicationId application = fixtures.application().id();
        return fixtures.endpoint(application).url(url).build();
    }
}
