package io.posthorn.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A name server with names of its own: each has addresses or an alias, and what it says of an alias holds the addresses of
 * the alias's target too, as real ones do. A name that it does not know does not exist.
 */
final class StubZone {
    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int AAAA = 28;
    private static final int NXDOMAIN = 3;
    private static final int SERVFAIL = 2;

    final List<String> asked = new CopyOnWriteArrayList<>();
    final AtomicInteger lost = new AtomicInteger();
    final Map<String, List<String>> addresses = new ConcurrentHashMap<>();
    final Map<String, String> aliases = new ConcurrentHashMap<>();
    volatile boolean failsForIpv6;

    private final DatagramSocket socket;

    private StubZone(DatagramSocket socket) {
        this.socket = socket;
    }

    static Future<StubZone> start(Vertx vertx) {
        StubZone zone = new StubZone(vertx.createDatagramSocket());
        zone.socket.handler(zone::receive);
        return zone.socket.listen(0, "127.0.0.1").map(zone);
    }

    String address() {
        return "127.0.0.1:" + socket.localAddress().port();
    }

    /** Loses so many of the questions that follow. */
    void loseNext(int questions) {
        lost.set(questions);
    }

    private void receive(DatagramPacket packet) {
        Buffer query = packet.data();
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (query.getByte(at) != 0) {
            int length = query.getByte(at);
            name.append(name.isEmpty() ? "" : ".").append(query.getString(at + 1, at + 1 + length));
            at += 1 + length;
        }
        int type = query.getUnsignedShort(at + 1);
        asked.add(name + " " + type);
        if (lost.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            Buffer answer = answer(query, at + 5, name.toString(), type);
            socket.send(answer, packet.sender().port(), packet.sender().host()).onComplete(sent -> {});
        }
    }

    private Buffer answer(Buffer query, int end, String name, int type) {
        String alias = aliases.get(name);
        String owner = alias == null ? name : alias;
        List<String> known = addresses.get(owner);
        Buffer records = Buffer.buffer();
        int count = 0;
        if (alias != null) {
            append(records, name, CNAME, name(alias));
            count++;
        }
        for (String address : known == null || type == CNAME ? List.<String>of() : known) {
            if (address.contains(":") == (type == AAAA) && (type == A || type == AAAA)) {
                append(records, owner, type, Buffer.buffer(bytes(address)));
                count++;
            }
        }
        int code = type == AAAA && failsForIpv6 ? SERVFAIL : known == null && alias == null ? NXDOMAIN : 0;
        return Buffer.buffer()
                .appendBuffer(query, 0, 2)
                .appendUnsignedShort(0x8180 | code)
                .appendUnsignedShort(1)
                .appendUnsignedShort(count)
                .appendInt(0)
                .appendBuffer(query, 12, end - 12)
                .appendBuffer(records);
    }

    private static void append(Buffer records, String owner, int type, Buffer data) {
        records.appendBuffer(name(owner))
                .appendUnsignedShort(type)
                .appendUnsignedShort(1)
                .appendInt(0)
                .appendUnsignedShort(data.length())
                .appendBuffer(data);
    }

    private static Buffer name(String name) {
        Buffer labels = Buffer.buffer();
        for (String label : name.split("\\.")) {
            labels.appendByte((byte) label.length()).appendString(label, StandardCharsets.US_ASCII.name());
        }
        return labels.appendByte((byte) 0);
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException notAnAddress) {
            throw new IllegalArgumentException(address, notAnAddress);
        }
    }
}
