package io.posthorn.storage.local;

import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import io.posthorn.storage.rows.StoredEnum;

/**
 * A delivery that has not ended, as it stands in the queue of its endpoint.
 *
 * @param due in milliseconds since 1970
 * @param attempts made so far
 */
record QueueEntry(QueueClass queueClass, long due, MessageId message, int attempts, Trigger trigger)
        implements Comparable<QueueEntry> {
    private static final int VALUE_BYTES = 3;

    static QueueEntry of(QueueClass queueClass, long due, MessageId message, byte[] value) {
        int attempts = (value[0] & 0xff) << 8 | (value[1] & 0xff);
        return new QueueEntry(queueClass, due, message, attempts, value[2] == 0 ? Trigger.SCHEDULED : Trigger.MANUAL);
    }

    /** The same behind the fresh ones. */
    QueueEntry behindFresh() {
        return new QueueEntry(QueueClass.RETRY, due, message, attempts, trigger);
    }

    /** What stands in the map behind the key. */
    byte[] value() {
        byte[] value = new byte[VALUE_BYTES];
        value[0] = (byte) (attempts >>> 8);
        value[1] = (byte) attempts;
        value[2] = (byte) StoredEnum.code(trigger);
        return value;
    }

    /** The order inside a class: by due time, then by message id. */
    @Override
    public int compareTo(QueueEntry other) {
        int byDue = Long.compare(due, other.due);
        return byDue != 0 ? byDue : message.compareTo(other.message);
    }
}
