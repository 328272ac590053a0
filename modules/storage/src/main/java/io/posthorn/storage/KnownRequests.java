package io.posthorn.storage;

import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.NewMessage;

/**
 * Which idempotency keys and eventIds the spare has, as 64-bit hashes: what is not in here is new to it. A hash that is
 * in here by chance delays a request, nothing more. Holds {@value #MOST}; when there are more, everything counts as
 * known. Any thread.
 */
final class KnownRequests {
    private static final int MOST = 2_000_000;
    private static final int FIRST_SIZE = 1 << 10;

    /** Open addressing; 0 is a free place. */
    private long[] places = new long[FIRST_SIZE];

    private int size;

    synchronized void clear() {
        places = new long[FIRST_SIZE];
        size = 0;
    }

    void add(IdempotencyKey key) {
        add(hash(key.digest()));
    }

    void addEventId(String eventId) {
        add(hash(eventId));
    }

    void add(NewMessage message) {
        if (message.idempotencyKey() != null) {
            add(message.idempotencyKey());
        }
        if (message.eventId() != null) {
            addEventId(message.eventId());
        }
    }

    /** Whether the spare may have this key. */
    boolean mayHave(IdempotencyKey key) {
        return contains(hash(key.digest()));
    }

    /** Whether the spare may have the same event already. */
    boolean mayHave(NewMessage message) {
        return (message.idempotencyKey() != null && mayHave(message.idempotencyKey()))
                || (message.eventId() != null && contains(hash(message.eventId())));
    }

    private synchronized void add(long hash) {
        if (size > MOST) {
            return;
        }
        if (size * 2 >= places.length) {
            grow();
        }
        if (put(places, hash)) {
            size++;
        }
    }

    private synchronized boolean contains(long hash) {
        if (size > MOST) {
            return true;
        }
        int at = placeOf(hash, places.length);
        while (places[at] != 0) {
            if (places[at] == hash) {
                return true;
            }
            at = (at + 1) & (places.length - 1);
        }
        return false;
    }

    private void grow() {
        long[] larger = new long[places.length * 2];
        for (long hash : places) {
            if (hash != 0) {
                boolean unused = put(larger, hash);
            }
        }
        places = larger;
    }

    private static boolean put(long[] into, long hash) {
        int at = placeOf(hash, into.length);
        while (into[at] != 0) {
            if (into[at] == hash) {
                return false;
            }
            at = (at + 1) & (into.length - 1);
        }
        into[at] = hash;
        return true;
    }

    private static int placeOf(long hash, int length) {
        return (int) (hash >>> 32) & (length - 1);
    }

    /** FNV-1a over the characters, mixed at the end (the finisher of MurmurHash3), never 0. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }
}
