package io.posthorn.dispatch;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the settings of an endpoint, worked out once for each version of them; kept for the
 * {@value #MAX_KEPT} endpoints used last. One for each event loop.
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

    private record Made<T>(long version, T value) {}

    /** @param maker may throw, which {@link #of} passes on, each time anew */
    PerEndpoint(Function<Endpoint, T> maker) {
        this.maker = maker;
    }

    T of(Endpoint endpoint) {
        @Nullable Made<T> made = kept.get(endpoint.id());
        if (made == null || made.version() != endpoint.version()) {
            made = new Made<>(endpoint.version(), maker.apply(endpoint));
            kept.put(endpoint.id(), made);
        }
        return made.value();
    }
}
