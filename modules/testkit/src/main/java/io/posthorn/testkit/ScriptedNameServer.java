package io.posthorn.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A name server on a free UDP port of 127.0.0.1 that answers as it is told, and otherwise the next time: the n-th question for a name
 * and a type gets the n-th answer, and the last one from then on. Follows its own aliases, as a recursive one does. All has a time to
 * live of 0. May be used from any thread.
 */
public final class ScriptedNameServer {
    /** Stands for the type of record that asks for IPv4 addresses. */
    public static final int A = 1;

    /** Stands for the type of record that asks for IPv6 addresses. */
    public static final int AAAA = 28;

    /** For hundreds of questions at once. */
    private static final int RECEIVE_BYTES = 1 << 20;

    private static final int CNAME = 5;
    private static final int NO_ERROR = 0;
    private static final int SERVER_FAILURE = 2;
    private static final int NO_SUCH_NAME = 3;
    private static final int MOST_ALIASES = 10;

    private final DatagramSocket socket;
    private final Map<String, List<Script>> scripts = new HashMap<>();
    private final Map<String, Integer> asked = new HashMap<>();

    /** What a name is at one time. */
    public sealed interface Script {
        /** These addresses of either family, in their usual text. */
        record Addresses(List<String> texts) implements Script {
            public Addresses {
                texts = List.copyOf(texts);
            }
        }

        /** Another name. */
        record Alias(String target) implements Script {}

        /** The server cannot say. */
        record Failure() implements Script {}

        /** No answer comes. */
        record Silence() implements Script {}

        /** One thing for those who ask for IPv6 addresses, and another for all others. */
        record ByFamily(Script ipv4, Script ipv6) implements Script {}
    }

    private ScriptedNameServer(DatagramSocket socket) {
        this.socket = socket;
    }

    /** Starts one; completes when it listens. */
    public static Future<ScriptedNameServer> start(Vertx vertx) {
        ScriptedNameServer server = new ScriptedNameServer(
                vertx.createDatagramSocket(new DatagramSocketOptions().setReceiveBufferSize(RECEIVE_BYTES)));
        server.socket.handler(server::answer);
        return server.socket.listen(0, "127.0.0.1").map(server);
    }

    /** Where it listens, as {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + socket.localAddress().port();
    }

    /** Says what a name is, one time after the other. */
    @CanIgnoreReturnValue
    public synchronized ScriptedNameServer name(String name, Script... times) {
        scripts.put(name, List.of(times));
        return this;
    }

    /** Says which addresses a name has, always the same. */
    @CanIgnoreReturnValue
    public ScriptedNameServer name(String name, String... addresses) {
        return name(name, new Script.Addresses(List.of(addresses)));
    }

    /** How often a name was asked for, by a type of record. */
    public synchronized int asked(String name, int type) {
        return asked.getOrDefault(type + " " + name, 0);
    }

    /** How many questions were asked, of all names and types. */
    public synchronized int asked() {
        return asked.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void answer(DatagramPacket packet) {
        Buffer query = packet.data();
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (query.getByte(at) != 0) {
            int length = query.getByte(at);
            name.append(name.isEmpty() ? "" : ".").append(query.getString(at + 1, at + 1 + length));
            at += 1 + length;
        }
        int type = query.getUnsignedShort(at + 1);
        List<Buffer> records = new ArrayList<>();
        int code = collect(name.toString(), type, records);
        if (code < 0) {
            return;
        }
        Buffer answer = Buffer.buffer()
                .appendBuffer(query, 0, 2)
                .appendUnsignedShort(0x8180 | code)
                .appendUnsignedShort(1)
                .appendUnsignedShort(records.size())
                .appendInt(0)
                .appendBuffer(query, 12, at + 5 - 12);
        records.forEach(answer::appendBuffer);
        Future<Void> sent =
                socket.send(answer, packet.sender().port(), packet.sender().host());
        // One that cannot be sent is a lost packet: whoever waits for it asks again or fails with its own time.
        sent.onFailure(lost -> {});
    }

    /** Answers the response code, -1 for none at all. */
    private synchronized int collect(String asked, int type, List<Buffer> records) {
        String name = asked;
        for (int hop = 0; hop < MOST_ALIASES; hop++) {
            @Nullable Script script = next(name, type);
            if (script == null) {
                return records.isEmpty() ? NO_SUCH_NAME : NO_ERROR;
            } else if (script instanceof Script.Failure) {
                return SERVER_FAILURE;
            } else if (script instanceof Script.Silence) {
                return -1;
            } else if (script instanceof Script.Addresses addresses) {
                addresses(name, type, addresses.texts(), records);
                return NO_ERROR;
            } else if (script instanceof Script.Alias alias) {
                records.add(record(name, CNAME, wire(alias.target())));
                if (type == CNAME) {
                    return NO_ERROR;
                }
                name = alias.target();
            }
        }
        return NO_ERROR;
    }

    private static void addresses(String name, int type, List<String> texts, List<Buffer> records) {
        for (String text : texts) {
            byte[] bytes = bytes(text);
            if (type == (bytes.length == 4 ? A : AAAA)) {
                records.add(record(name, type, Buffer.buffer(bytes)));
            }
        }
    }

    private @Nullable Script next(String name, int type) {
        int time = asked.merge(type + " " + name, 1, Integer::sum);
        List<Script> times = scripts.getOrDefault(name, List.of());
        if (times.isEmpty()) {
            return null;
        }
        Script script = times.get(Math.min(time, times.size()) - 1);
        if (script instanceof Script.ByFamily families) {
            return type == AAAA ? families.ipv6() : families.ipv4();
        }
        return script;
    }

    private static Buffer record(String name, int type, Buffer data) {
        return wire(name)
                .appendUnsignedShort(type)
                .appendUnsignedShort(1)
                .appendInt(0)
                .appendUnsignedShort(data.length())
                .appendBuffer(data);
    }

    private static Buffer wire(String name) {
        Buffer wire = Buffer.buffer();
        for (String label : name.split("\\.")) {
            wire.appendUnsignedByte((short) label.length()).appendBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        return wire.appendByte((byte) 0);
    }

    /** The JDK would make an IPv4 address of one that is mapped into IPv6. */
    private static byte[] bytes(String text) {
        if (text.indexOf(':') < 0) {
            return quad(text);
        }
        int gap = text.indexOf("::");
        Buffer head = groups(gap < 0 ? text : text.substring(0, gap));
        Buffer tail = groups(gap < 0 ? "" : text.substring(gap + 2));
        return head.appendBytes(new byte[16 - head.length() - tail.length()])
                .appendBuffer(tail)
                .getBytes();
    }

    private static Buffer groups(String text) {
        Buffer bytes = Buffer.buffer();
        for (String group : text.isEmpty() ? new String[0] : text.split(":")) {
            if (group.indexOf('.') >= 0) {
                bytes.appendBytes(quad(group));
            } else {
                bytes.appendUnsignedShort(Integer.parseInt(group, 16));
            }
        }
        return bytes;
    }

    private static byte[] quad(String text) {
        String[] parts = text.split("\\.");
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }
}
