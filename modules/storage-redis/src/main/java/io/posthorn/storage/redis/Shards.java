package io.posthorn.storage.redis;

import io.posthorn.contract.ApplicationId;
import io.posthorn.storage.rows.BareId;
import java.util.zip.CRC32;

/** Which application belongs to which part of the store, and how the keys of each part begin. */
final class Shards {
    private final String store;
    private final int count;

    /** @param keyPrefix what the name of every key begins with, before a colon and the shard */
    Shards(String keyPrefix, int count) {
        this.store = keyPrefix + ":";
        this.count = count;
    }

    int count() {
        return count;
    }

    /** The number of an application's shard; part of the format. */
    int of(ApplicationId application) {
        CRC32 crc = new CRC32();
        crc.update(BareId.of(application.value()));
        return (int) (crc.getValue() % count);
    }

    String prefix(ApplicationId application) {
        return prefix(of(application));
    }

    String prefix(int shard) {
        return store + "{" + shard + "}:";
    }

    /** What belongs to organisations and to the store as a whole. */
    String directory() {
        return store + "{d}:";
    }

    /** Where scripts tell that there is something to claim. */
    String newsChannel() {
        return store + "news";
    }
}
