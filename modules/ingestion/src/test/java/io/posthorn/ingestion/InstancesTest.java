package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.config.IngestionConfig;
import io.vertx.core.DeploymentOptions;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class InstancesTest extends ApiTestBase {
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    private void deploy(int instances, Duration timeout) throws Exception {
        IngestionConfig config = new IngestionConfig(
                "127.0.0.1", 0, MAX_BODY_BYTES, 3, timeout, instances, SECRET, null, null, Duration.ofSeconds(60));
        await(vertx.deployVerticle(
                () -> new IngestionVerticle(
                        settings(config),
                        bus,
                        clock,
                        new SimpleMeterRegistry(),
                        new Admission(gate, new RequestLimits(config, clock)),
                        ports::add),
                new DeploymentOptions().setInstances(instances)));
    }

    @Test
    void severalShareOnePort() throws Exception {
        // When
        deploy(3, Duration.ofSeconds(10));

        // Then
        assertThat(ports).hasSize(1);
        port = ports.iterator().next();
        for (int i = 0; i < 6; i++) {
            get("/health/ping").expect(204);
        }
    }

    @Test
    void aBodyThatDoesNotComeIsAnsweredInTime() throws Exception {
        // Given
        deploy(1, Duration.ofMillis(200));

        // When
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), ports.iterator().next())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/v1/app/u/msg HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + token
                            + "\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            socket.setSoTimeout(10_000);

            // Then
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 503");
        }
        assertThat(gate.pending()).isZero();
    }
}
