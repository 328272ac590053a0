package io.posthorn.storage.redis;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Answers like a Redis of another version, as far as it is asked who it is. */
final class OldServer {
    private final NetServer server;
    private final String version;

    OldServer(Vertx vertx, String version) {
        this.version = version;
        this.server = vertx.createNetServer().connectHandler(this::serve);
        Futures.resultOf(server.listen(0, "127.0.0.1"));
    }

    String url() {
        return "redis://127.0.0.1:" + server.actualPort();
    }

    private void serve(NetSocket socket) {
        Buffer come = Buffer.buffer();
        int[] from = {0};
        socket.handler(part -> {
            come.appendBuffer(part);
            int end = command(come, from[0], socket);
            while (end > 0) {
                from[0] = end;
                end = command(come, end, socket);
            }
        });
    }

    /** Answers the command that begins there, and where the next one does; -1 when not all of it has come. */
    private int command(Buffer come, int from, NetSocket socket) {
        String[] lines = come.getString(from, come.length(), "ISO-8859-1").split("\r\n", -1);
        if (!lines[0].startsWith("*")) {
            return -1;
        }
        int count = 1 + 2 * Integer.parseInt(lines[0].substring(1));
        if (lines.length <= count) {
            return -1;
        }
        List<String> words = new ArrayList<>();
        int end = from;
        for (int i = 0; i < count; i++) {
            end += lines[i].length() + 2;
            if (i > 0 && i % 2 == 0) {
                words.add(lines[i].toUpperCase(Locale.ROOT));
            }
        }
        String info = "# Server\r\nredis_version:" + version + "\r\n";
        socket.write(
                        switch (words.get(0)) {
                            case "PING" -> "+PONG\r\n";
                            case "ROLE" -> "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n";
                            case "INFO" -> "$" + info.getBytes(StandardCharsets.UTF_8).length + "\r\n" + info + "\r\n";
                            case "SELECT", "AUTH", "CLIENT" -> "+OK\r\n";
                            default -> "-ERR unknown command `" + words.get(0) + "`\r\n";
                        })
                .onFailure(closed -> socket.close().onFailure(again -> {}));
        return end;
    }
}
