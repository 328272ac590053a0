package io.posthorn.storage.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which primary serves which slot of the key space. Immutable. */
final class RedisRoutes {
    /** How many slots a cluster has. */
    static final int SLOTS = 16_384;

    private final @Nullable String[] addresses;
    private final Set<String> all;

    private RedisRoutes(@Nullable String[] addresses) {
        this.addresses = addresses;
        Set<String> different = new TreeSet<>();
        for (String address : addresses) {
            if (address != null) {
                different.add(address);
            }
        }
        this.all = Set.copyOf(different);
    }

    /** No slot is served. */
    static RedisRoutes none() {
        return new RedisRoutes(new String[SLOTS]);
    }

    /** One server has them all. */
    static RedisRoutes of(String address) {
        return none().with(0, SLOTS - 1, address);
    }

    /** The same, but for these slots. */
    RedisRoutes with(int first, int last, String address) {
        @Nullable String[] changed = addresses.clone();
        Arrays.fill(changed, first, last + 1, address);
        return new RedisRoutes(changed);
    }

    /** As {@code host:port}; null when nobody serves the slot. */
    @Nullable
    String address(int slot) {
        return addresses[slot];
    }

    /** All primaries. */
    Set<String> all() {
        return all;
    }

    /** The slot of a key: CRC16 of what stands between the first braces (Redis Cluster specification). */
    static int slot(String key) {
        int open = key.indexOf('{');
        int close = open < 0 ? -1 : key.indexOf('}', open + 1);
        String hashed = close > open + 1 ? key.substring(open + 1, close) : key;
        int crc = 0;
        for (byte b : hashed.getBytes(StandardCharsets.UTF_8)) {
            crc ^= (b & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
            }
            crc &= 0xffff;
        }
        return crc % SLOTS;
    }
}
