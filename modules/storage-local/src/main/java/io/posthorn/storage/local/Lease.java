package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NodeId;
import io.posthorn.storage.rows.RowReader;
import io.posthorn.storage.rows.RowWriter;
import io.posthorn.storage.rows.StoredEnum;
import java.util.ArrayList;
import java.util.List;

/** The hold of one claim on its deliveries. Store thread. */
final class Lease implements Comparable<Lease> {
    private static final byte VERSION = 2;
    private static final int BYTES_EACH = 100;

    private final long fence;
    private final NodeId node;
    private final long since;
    private final long until;
    private final List<Held> deliveries = new ArrayList<>();
    private int left;

    /** A delivery that is held, with its place in the queue. */
    record Held(DeliveryKey key, QueueEntry entry) {}

    /**
     * Times are in milliseconds since 1970.
     *
     * @param since when it was claimed; 0 when that is not known
     */
    Lease(long fence, NodeId node, long since, long until) {
        this.fence = fence;
        this.node = node;
        this.since = since;
        this.until = until;
    }

    long fence() {
        return fence;
    }

    NodeId node() {
        return node;
    }

    long since() {
        return since;
    }

    long until() {
        return until;
    }

    /** All deliveries of the claim, those that were settled since included, unless they were left out. */
    List<Held> deliveries() {
        return deliveries;
    }

    void add(Held held) {
        deliveries.add(held);
        left++;
    }

    /** One delivery is held no more; answers whether it was the last. */
    boolean letOneGo() {
        return --left == 0;
    }

    /** Names a delivery no more that is held no more. */
    void leaveOut(DeliveryKey key) {
        deliveries.removeIf(held -> held.key().equals(key));
    }

    boolean holdsAny() {
        return left > 0;
    }

    @Override
    public int compareTo(Lease other) {
        int byTime = Long.compare(until, other.until);
        return byTime != 0 ? byTime : Long.compare(fence, other.fence);
    }

    byte[] encode() {
        RowWriter out = new RowWriter(VERSION, deliveries.size() * BYTES_EACH);
        out.text(node.value()).number(until).number(deliveries.size());
        for (Held held : deliveries) {
            out.id(held.key().application().value())
                    .id(held.key().endpoint().value())
                    .id(held.key().message().value())
                    .number(StoredEnum.code(held.entry().queueClass()))
                    .number(held.entry().due())
                    .block(held.entry().value());
        }
        return out.number(since).bytes();
    }

    static Lease decode(long fence, byte[] row) {
        RowReader in = new RowReader(row);
        NodeId node = new NodeId(in.text());
        long until = in.number();
        List<Held> held = new ArrayList<>();
        for (long left = in.number(); left > 0; left--) {
            ApplicationId application = new ApplicationId(ApplicationId.PREFIX + in.id());
            EndpointId endpoint = new EndpointId(EndpointId.PREFIX + in.id());
            MessageId message = new MessageId(MessageId.PREFIX + in.id());
            QueueClass queueClass = QueueClass.of((byte) in.number());
            QueueEntry entry = QueueEntry.of(queueClass, in.number(), message, in.block());
            held.add(new Held(new DeliveryKey(application, endpoint, message), entry));
        }
        Lease lease = new Lease(fence, node, in.version() < VERSION ? 0 : in.number(), until);
        held.forEach(lease::add);
        return lease;
    }
}
