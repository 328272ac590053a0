package io.posthorn.architecture.cost;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.posthorn.contract.Addresses;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What one delivery costs, all roles in one process: messages on the event bus, bytes allocated, copies of its payload.
 * Counted, not timed, so that it says the same on any machine; it fails when somebody adds a round trip or a copy for each
 * delivery.
 */
@Timeout(120)
class HotPathCostTest {
    private static final int BURST = 64;
    private static final int BURSTS = 20;
    private static final int EVENTS = 1_000;
    private static final int AT_A_TIME = 16;
    private static final int SMALL = 1_024;
    private static final int LARGE = 33 * 1_024;

    /** About an eighth more than was measured, the test's own sender and receiver included. */
    private static final int MOST_BYTES = 44_000;

    /** Received by the node, joined to one body, put into its row; received by the receiver. */
    private static final double MOST_COPIES = 4.5;

    private final WholeNode node = new WholeNode();
    private final Map<String, LongAdder> sent = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void deliveryCostsLessThanOneMessageOnTheBus() {
        // Given
        bursts(3);
        node.vertx().eventBus().addOutboundInterceptor(message -> {
            sent.computeIfAbsent(message.message().address(), absent -> new LongAdder())
                    .increment();
            message.next();
        });

        // When
        bursts(BURSTS);

        // Then: neither the requests that hand the events in nor their answers are counted
        double deliveries = BURST * BURSTS;
        assertThat(sent.get(Addresses.MESSAGES).sum()).isEqualTo(BURST * BURSTS);
        long all = sent.values().stream().mapToLong(LongAdder::sum).sum() - 2L * BURST * BURSTS;
        assertThat(all / deliveries).as("messages on the bus: %s", sent).isLessThan(1);
        assertThat(sent.keySet())
                .filteredOn(address -> address.startsWith("posthorn.") && !address.equals(Addresses.MESSAGES))
                .isSubsetOf(
                        Addresses.CHECK_MESSAGES.name(),
                        Addresses.APPEND.name(),
                        Addresses.CLAIM.name(),
                        Addresses.SETTLE.name(),
                        Addresses.FIND.name(),
                        Addresses.CHECK_PAYLOAD.name());
        // The event type is read now and then, not for each message; it has no schema.
        assertThat((count(Addresses.FIND.name()) + count(Addresses.CHECK_PAYLOAD.name())) / deliveries)
                .as("messages on the bus about schemas: %s", sent)
                .isLessThan(0.1);
    }

    @Test
    void deliveryAllocatesAndCopiesWithinBounds() {
        // Given
        post(EVENTS, SMALL);
        post(EVENTS / 4, LARGE);

        // When
        double small = allocatedBy(() -> post(EVENTS, SMALL)) / EVENTS;
        double large = allocatedBy(() -> post(EVENTS, LARGE)) / EVENTS;

        // Then: sender and receiver of the test are in this process too
        double copies = (large - small) / (LARGE - SMALL);
        assertThat(small).as("bytes a delivery").isLessThan(MOST_BYTES);
        assertThat(copies).as("copies of a payload").isLessThan(MOST_COPIES);
    }

    private long count(String address) {
        LongAdder counted = sent.get(address);
        return counted == null ? 0 : counted.sum();
    }

    private void bursts(int count) {
        for (int i = 0; i < count; i++) {
            long before = node.delivered();
            assertThat(resultOf(node.burst(BURST))).isEqualTo(BURST);
            awaitDelivered(before + BURST);
        }
    }

    private void post(int events, int payloadBytes) {
        long before = node.delivered();
        assertThat(resultOf(node.post(events, payloadBytes, AT_A_TIME))).isEqualTo(events);
        awaitDelivered(before + events);
    }

    private void awaitDelivered(long count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> node.delivered() >= count);
    }

    /** Bytes that all threads of this process allocate on the heap meanwhile. */
    private static double allocatedBy(Runnable task) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = allocated(threads);
        task.run();
        return allocated(threads) - before;
    }

    private static long allocated(ThreadMXBean threads) {
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }
}
