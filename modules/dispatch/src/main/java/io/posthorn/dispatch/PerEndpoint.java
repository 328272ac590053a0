package io.posthorn.dispatch;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the settings of an endpoint, worked out anew when any of them differs; kept for the {@value #MAX_KEPT}
 * endpoints used last. The whole settings are compared, since two stores may count their versions apart. One for each
 * event loop.
 */
final class PerEndpoint<T> {
    private static final int MAX_KEPT = 4096;

    private final Function<Endpoint, T> maker;
    private final Map<EndpointId, Made<T>> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EndpointId, Made<T>> eldest) {
            return size() > MAX_KEPT;
        }
    };

    private record Made<T>(Endpoint from, T value) {}

    /** @param maker may throw, which {@link #of} passes on, each time anew */
    PerEndpoint(Function<Endpoint, T> maker) {
        this.maker = maker;
    }

    T of(Endpoint endpoint) {
        @Nullable Made<T> made = kept.get(endpoint.id());
        if (made == null || !made.from().equals(endpoint)) {
            made = new Made<>(endpoint, maker.apply(endpoint));
            kept.put(endpoint.id(), made);
        }
        return made.value();
    }
}
