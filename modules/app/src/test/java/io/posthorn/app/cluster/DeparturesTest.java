package io.posthorn.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Served;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Requests;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeparturesTest {
    private static final NodeId NODE = new NodeId("node-1");
    private static final NodeId OTHER = new NodeId("node-2");
    private static final long PATIENCE_SECONDS = 10;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final BlockingQueue<Runnable> later = new LinkedBlockingQueue<>();
    private final BlockingQueue<NodeId> released = new LinkedBlockingQueue<>();
    private final Set<NodeId> there = ConcurrentHashMap.newKeySet();
    private final Departures departures = new Departures(bus, (millis, action) -> later.add(action), there::contains);
    private volatile boolean storageAnswers;

    @BeforeEach
    void serve() {
        Served unused = resultOf(bus.serve(Addresses.RELEASE_LEASES, (request, deadline) -> {
            if (!storageAnswers) {
                return Future.failedFuture(new PosthornException(ErrorCode.STORE_UNAVAILABLE, "not reached"));
            }
            released.add(request.node());
            return Future.succeededFuture(new Requests.Done());
        }));
    }

    @AfterEach
    void close() {
        Void unused = resultOf(vertx.close());
    }

    @Test
    void triesAgainUntilStorageAnswers() throws InterruptedException {
        // Given
        departures.gone(NODE);
        Runnable again = next(later);
        storageAnswers = true;

        // When
        again.run();

        // Then
        assertThat(next(released)).isEqualTo(NODE);
        assertThat(later).isEmpty();
    }

    @Test
    void aNodeThatIsBackKeepsWhatItHolds() throws InterruptedException {
        // Given
        departures.gone(NODE);
        Runnable again = next(later);
        storageAnswers = true;
        there.add(NODE);

        // When
        again.run();
        departures.gone(OTHER);

        // Then
        assertThat(next(released)).isEqualTo(OTHER);
        assertThat(released).isEmpty();
        assertThat(later).isEmpty();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "nothing came");
    }

    private static <T> T resultOf(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
