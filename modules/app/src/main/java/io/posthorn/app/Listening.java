package io.posthorn.app;

import java.util.concurrent.atomic.AtomicInteger;

/** Where the API of a node is, once its port is bound. */
final class Listening {
    private final String apiHost;
    private final AtomicInteger apiPort;

    /** With the configured port, which stands until the actual one is told. */
    Listening(String apiHost, int apiPort) {
        this.apiHost = apiHost;
        this.apiPort = new AtomicInteger(apiPort);
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
