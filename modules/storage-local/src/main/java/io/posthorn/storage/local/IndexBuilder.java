package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.SortableId;
import io.posthorn.storage.local.ExpiryIndex.Kind;
import java.io.IOException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the expiry index of a store that was written before there was one; once, when such a store is opened. */
final class IndexBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(IndexBuilder.class);
    private static final byte[] KEY = Keys.bytes("expiry-index");
    private static final byte[] DONE = {1};
    private static final int PORTION = 10_000;
    private static final byte[] LOWEST = new byte[0];

    private final OrderedMap map;
    private final ExpiryIndex index;
    private final long now;
    private long looked;

    IndexBuilder(OrderedMap map, ExpiryIndex index, long now) {
        this.map = map;
        this.index = index;
        this.now = now;
    }

    /** Reads every message and the times of all attempts, unless that was done before; flushed when it returns. */
    void build() throws IOException {
        if (map.get(Table.META, KEY) != null) {
            return;
        }
        enterMessages();
        enterAttempts();
        WriteSet done = new WriteSet();
        done.put(Table.META, KEY, DONE);
        map.write(done, true);
        if (looked > 0) {
            LOG.info("made the expiry index of an older store: {} rows read", looked);
        }
    }

    private void enterMessages() throws IOException {
        byte[] from = LOWEST;
        while (from != null) {
            WriteSet writes = new WriteSet();
            byte[][] next = {null};
            int[] left = {PORTION};
            map.scan(Table.MESSAGE, from, Keys.after(LOWEST), false, (key, value) -> {
                if (left[0]-- == 0) {
                    next[0] = key;
                    return false;
                }
                enterMessage(key, value, writes);
                return true;
            });
            map.write(writes, false);
            from = next[0];
        }
    }

    private void enterMessage(byte[] key, byte[] value, WriteSet writes) {
        looked++;
        try {
            Message message = MessageRow.decode(
                            new ApplicationId(ApplicationId.PREFIX + Keys.text(key, 0, Keys.ID)),
                            new MessageId(MessageId.PREFIX + Keys.text(key, Keys.ID, Keys.ID)),
                            value,
                            false,
                            Instant.EPOCH)
                    .message();
            index.stored(message, now, writes);
        } catch (RuntimeException e) {
            LOG.warn("a message cannot be read and is not in the expiry index; an audit says more", e);
        }
    }

    private void enterAttempts() throws IOException {
        byte[] from = LOWEST;
        while (from != null) {
            byte[][] found = {null};
            map.scan(Table.ATTEMPT_OF_ENDPOINT, from, Keys.after(LOWEST), false, (key, value) -> {
                found[0] = key;
                return false;
            });
            from = found[0];
            if (from != null) {
                looked++;
                String endpoint = Keys.text(from, 0, Keys.ID);
                int hour = ExpiryIndex.hour(SortableId.epochMillis(Keys.text(from, Keys.ID, Keys.ID)));
                WriteSet writes = new WriteSet();
                index.enter(Kind.ATTEMPTS, hour, endpoint, hour, now, writes);
                map.write(writes, false);
                from = new ExpiryIndex.Bucket(Kind.ATTEMPTS, hour, endpoint, hour).to();
            }
        }
    }
}
