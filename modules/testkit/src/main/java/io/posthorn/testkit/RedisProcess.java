package io.posthorn.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real redis-server on a free loopback port, with its data in a directory of its own that is removed at the end. Needs
 * the command {@code redis-server}; fails with a clear message when it is not installed. Not for several threads.
 */
public final class RedisProcess implements AutoCloseable {
    private static final int START_SECONDS = 20;
    private static final int SOCKET_MILLIS = 5_000;
    private static final int ATTEMPTS = 5;

    private final Path directory;
    private final List<String> settings;
    private final boolean sentinel;
    private int port;
    private int busPort;
    private @Nullable Process process;

    private RedisProcess(List<String> settings, boolean sentinel) {
        this.settings = settings;
        this.sentinel = sentinel;
        try {
            this.directory = Files.createTempDirectory("posthorn-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one that appends to its file and flushes it at each write. */
    public static RedisProcess start() {
        return start(Map.of());
    }

    /**
     * Starts one with these settings on top, such as {@code maxmemory} to {@code 10mb}; they go before
     * {@code appendonly yes}, {@code appendfsync always}, {@code save ""}.
     */
    public static RedisProcess start(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("appendonly", "yes");
        all.put("appendfsync", "always");
        all.put("save", "");
        all.putAll(settings);
        List<String> arguments = new ArrayList<>();
        all.forEach((name, value) -> {
            arguments.add("--" + name);
            arguments.addAll(value.isEmpty() ? List.of("") : List.of(value.split(" ")));
        });
        return new RedisProcess(arguments, false).startOnFreePort();
    }

    /** Starts a node of a cluster that is still to be made, with settings as in {@link #start(Map)}. */
    public static RedisProcess startOfCluster(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("cluster-enabled", "yes");
        all.put("cluster-node-timeout", "2000");
        return start(all);
    }

    /** Starts a replica of another, with settings as in {@link #start(Map)}. */
    public static RedisProcess startReplica(RedisProcess primary, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("replicaof", "127.0.0.1 " + primary.port());
        return start(all);
    }

    /** Starts a sentinel that watches a primary under that name, and acts a second after it is gone. */
    public static RedisProcess startSentinel(String name, RedisProcess primary, int quorum) {
        RedisProcess made = new RedisProcess(List.of(), true);
        try {
            Files.writeString(
                    made.directory.resolve("sentinel.conf"),
                    String.join(
                                    "\n",
                                    "sentinel monitor " + name + " 127.0.0.1 " + primary.port() + " " + quorum,
                                    "sentinel down-after-milliseconds " + name + " 1000",
                                    "sentinel failover-timeout " + name + " 5000",
                                    "sentinel parallel-syncs " + name + " 1")
                            + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return made.startOnFreePort();
    }

    /** The port that nodes of a cluster talk to each other on. */
    public int busPort() {
        return busPort;
    }

    /** The port it listens on, the same over restarts. */
    public int port() {
        return port;
    }

    /** The number of its process. */
    public long pid() {
        return running().pid();
    }

    /** As {@code redis://127.0.0.1:port}. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Starts it again on its port and directory. */
    public void restart() {
        if (!launch()) {
            throw new AssertionError("redis-server did not start again on port " + port + "\n" + log());
        }
    }

    /** Stops it in order. */
    public void stop() {
        signal("TERM");
        waitForEnd();
    }

    /** Ends it with {@code kill -9}. */
    public void kill() {
        running().destroyForcibly();
        waitForEnd();
    }

    /** Makes it hang, connections open, until {@link #resume()}. */
    public void pause() {
        signal("STOP");
    }

    /** Lets it go on. */
    public void resume() {
        signal("CONT");
    }

    /** Sends one command on a connection of its own and answers the raw reply, lines joined by a space. */
    @CanIgnoreReturnValue
    public String command(String... words) {
        try {
            return send(words);
        } catch (IOException e) {
            throw new AssertionError("redis-server on port " + port + " does not answer", e);
        }
    }

    /** One number of a section of INFO. */
    public double info(String section, String field) {
        for (String part : command("INFO", section).split(" ")) {
            if (part.startsWith(field + ":")) {
                return Double.parseDouble(part.substring(field.length() + 1));
            }
        }
        throw new AssertionError("INFO " + section + " has no " + field);
    }

    /** Ends it, whatever its state, and removes its directory. */
    @Override
    public void close() {
        Process last = process;
        if (last != null && last.isAlive()) {
            last.destroyForcibly();
            waitForEnd();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RedisProcess startOnFreePort() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    ServerSocket freeBus = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
                busPort = freeBus.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (launch()) {
                return this;
            }
        }
        throw new AssertionError("redis-server did not start\n" + log());
    }

    /** Answers whether it listens; not so where another process took the port meanwhile. */
    private boolean launch() {
        List<String> line = new ArrayList<>();
        line.add("redis-server");
        if (sentinel) {
            line.add(directory.resolve("sentinel.conf").toString());
        }
        line.addAll(List.of("--port", String.valueOf(port), "--bind", "127.0.0.1", "--dir", directory.toString()));
        if (settings.contains("--cluster-enabled")) {
            // The default is ten thousand above, which may be no port at all.
            line.addAll(List.of("--cluster-port", String.valueOf(busPort)));
        }
        line.addAll(settings);
        if (sentinel) {
            line.add("--sentinel");
        }
        try {
            process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new AssertionError(
                    "redis-server cannot be run; install it (Debian: apt-get install redis-server redis-sentinel)", e);
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (running().isAlive() && System.nanoTime() < end) {
            if (answersPing()) {
                return true;
            }
            waitAMoment();
        }
        return false;
    }

    private boolean answersPing() {
        try {
            String reply = send("PING");
            return reply.startsWith("+PONG") || reply.startsWith("-NOAUTH") || reply.startsWith("-MASTERDOWN");
        } catch (IOException e) {
            return false;
        }
    }

    private void waitAMoment() {
        try {
            boolean ended = running().waitFor(20, TimeUnit.MILLISECONDS);
            if (ended) {
                throw new AssertionError("redis-server ended\n" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void waitForEnd() {
        try {
            if (!running().waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("redis-server on port " + port + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder(
                            "kill", "-" + name, String.valueOf(running().pid()))
                    .start();
            if (kill.waitFor() != 0) {
                throw new AssertionError("kill -" + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    private String send(String... words) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SOCKET_MILLIS);
            socket.setSoTimeout(SOCKET_MILLIS);
            StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                request.append('$')
                        .append(word.getBytes(StandardCharsets.UTF_8).length)
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            OutputStream out = socket.getOutputStream();
            out.write(request.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
            List<String> reply = new ArrayList<>();
            read(new DataInputStream(new BufferedInputStream(socket.getInputStream())), reply);
            return String.join(" ", reply);
        }
    }

    private static void read(DataInputStream in, List<String> reply) throws IOException {
        String line = line(in);
        if (line.startsWith("*") && !line.equals("*-1")) {
            for (int left = Integer.parseInt(line.substring(1)); left > 0; left--) {
                read(in, reply);
            }
        } else if (line.startsWith("$") && !line.equals("$-1")) {
            byte[] bulk = new byte[Integer.parseInt(line.substring(1)) + 2];
            in.readFully(bulk);
            reply.add(new String(bulk, StandardCharsets.UTF_8).strip().replace("\r\n", " "));
        } else {
            reply.add(line);
        }
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (byte b = in.readByte(); b != '\n'; b = in.readByte()) {
            line.append((char) b);
        }
        return line.toString().strip();
    }
}
