package io.posthorn.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server that answers every question for A with the same addresses and every other with nothing. */
final class StubNameServer {
    final AtomicInteger queries = new AtomicInteger();
    private final List<String> addresses;
    private final DatagramSocket socket;

    private StubNameServer(DatagramSocket socket, List<String> addresses) {
        this.socket = socket;
        this.addresses = addresses;
    }

    static Future<StubNameServer> start(Vertx vertx, String... addresses) {
        StubNameServer server = new StubNameServer(vertx.createDatagramSocket(), List.of(addresses));
        server.socket.handler(server::answer);
        return server.socket.listen(0, "127.0.0.1").map(server);
    }

    String address() {
        return "127.0.0.1:" + socket.localAddress().port();
    }

    private void answer(DatagramPacket packet) {
        queries.incrementAndGet();
        Buffer query = packet.data();
        int end = 12;
        while (query.getByte(end) != 0) {
            end += 1 + query.getByte(end);
        }
        boolean wantsIpv4 = query.getUnsignedShort(end + 1) == 1;
        Buffer answer = Buffer.buffer()
                .appendBuffer(query, 0, 2)
                .appendUnsignedShort(0x8180)
                .appendUnsignedShort(1)
                .appendUnsignedShort(wantsIpv4 ? addresses.size() : 0)
                .appendInt(0)
                .appendBuffer(query, 12, end + 5 - 12);
        if (wantsIpv4) {
            for (String address : addresses) {
                answer.appendUnsignedShort(0xc00c).appendUnsignedShort(1).appendUnsignedShort(1);
                answer.appendInt(0).appendUnsignedShort(4);
                for (String part : address.split("\\.")) {
                    answer.appendByte((byte) Integer.parseInt(part));
                }
            }
        }
        socket.send(answer, packet.sender().port(), packet.sender().host());
    }
}
