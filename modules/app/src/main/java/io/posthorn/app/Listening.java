package io.posthorn.app;

import io.posthorn.config.Settings;
import java.util.concurrent.atomic.AtomicInteger;

/** Where the API of a node is, once its port is bound. */
final class Listening {
    private final String apiHost;
    private final AtomicInteger apiPort;
    private final String managementHost;
    private final AtomicInteger managementPort;

    /** With the configured ports, which stand until the actual ones are told. */
    Listening(Settings settings) {
        this.apiHost = settings.ingestion().host();
        this.apiPort = new AtomicInteger(settings.ingestion().port());
        this.managementHost = settings.health().host();
        this.managementPort = new AtomicInteger(settings.health().port());
    }

    /** Told by health when it listens; on an event loop. */
    void management(int port) {
        managementPort.set(port);
    }

    /** Such as {@code http://127.0.0.1:8072}. */
    String managementAddress() {
        return address(managementHost, managementPort.get());
    }

    /** Told by ingestion when it listens; on an event loop. */
    void api(int port) {
        apiPort.set(port);
    }

    /** Such as {@code http://127.0.0.1:8071}. */
    String apiAddress() {
        return address(apiHost, apiPort.get());
    }

    /** A wildcard address is shown as the loopback, which is among what it listens on. */
    private static String address(String host, int port) {
        String shown = switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "[::]" -> "[::1]";
            default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        };
        return "http://" + shown + ":" + port;
    }
}
