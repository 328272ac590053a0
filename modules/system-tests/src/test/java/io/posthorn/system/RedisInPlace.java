package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.system.NetworkOfNamespaces.Place;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A redis-server in a place of a network, at both of its addresses; it flushes every second. */
final class RedisInPlace implements AutoCloseable {
    private static final int PORT = 6379;
    private static final int CONNECT_MILLIS = 500;

    private final Process process;
    private final Place place;

    RedisInPlace(Place place, Path directory) throws IOException {
        this.place = place;
        Files.createDirectories(directory);
        process = new ProcessBuilder(Stream.concat(
                                place.prefix().stream(),
                                List.of(
                                        "redis-server",
                                        "--port",
                                        String.valueOf(PORT),
                                        "--bind",
                                        place.front(),
                                        place.behind(),
                                        "--protected-mode",
                                        "no",
                                        "--dir",
                                        directory.toString(),
                                        "--appendonly",
                                        "yes",
                                        "--appendfsync",
                                        // With less the store says that it is degraded, and so do all nodes.
                                        "always",
                                        "--save",
                                        "")
                                        .stream())
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(20)).until(this::accepts);
    }

    /** Reached whatever happens to the link. */
    String frontUrl() {
        return "redis://" + place.front() + ":" + PORT;
    }

    /** Reached only from places on its side while the link is cut. */
    String behindUrl() {
        return "redis://" + place.behind() + ":" + PORT;
    }

    @Override
    public void close() {
        assertThat(process.toHandle().destroyForcibly() || !process.isAlive()).isTrue();
    }

    private boolean accepts() {
        assertThat(process.isAlive()).as("redis-server runs").isTrue();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(place.front(), PORT), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
