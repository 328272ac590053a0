package io.posthorn.storage.redis;

import io.posthorn.contract.ApplicationId;
import io.posthorn.storage.rows.BareId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

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

    /** What {@code SCAN} is to match for the keys of all shards of these kinds. */
    String pattern(String kinds) {
        return store + "{[0-9]*}:" + kinds + ":*";
    }

    /** The same for the directory, too; null for keys of all kinds. */
    String patternOfAll(@Nullable String kind) {
        return store + "{*}:" + (kind == null ? "*" : kind + ":*");
    }

    /** The prefix of one part of the store for each server that has some. */
    List<String> onePerNode(RedisLink link) {
        Map<String, String> nodes = new TreeMap<>();
        nodes.put(String.valueOf(link.routes().address(RedisRoutes.slot(directory()))), directory());
        for (int shard = 0; shard < count; shard++) {
            nodes.putIfAbsent(String.valueOf(link.routes().address(RedisRoutes.slot(prefix(shard)))), prefix(shard));
        }
        return List.copyOf(nodes.values());
    }

    /** Where scripts tell that there is something to claim. */
    String newsChannel() {
        return store + "news";
    }
}
