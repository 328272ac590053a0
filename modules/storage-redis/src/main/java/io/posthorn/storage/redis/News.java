package io.posthorn.storage.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * When each shard is worth asking for deliveries: what its last answer said, or what was heard since, of this node's own
 * calls or of others. Times by the clock of Redis. Any thread.
 */
final class News {
    static final long NEVER = Long.MAX_VALUE;

    private final long[] next;
    private final long[] heard;
    private long said = NEVER;
    private Runnable listener = () -> {};

    News(int shards) {
        // Nothing is known at first, so each is asked once.
        this.next = new long[shards];
        this.heard = new long[shards];
    }

    synchronized void onWork(Runnable newListener) {
        this.listener = newListener;
    }

    /** Shards with something to claim. */
    synchronized List<Integer> claimable(long now) {
        List<Integer> claimable = new ArrayList<>();
        for (int shard = 0; shard < next.length; shard++) {
            if (next[shard] <= now) {
                claimable.add(shard);
            }
        }
        return claimable;
    }

    /** How often something was heard of the shard; to be named by {@link #told}. */
    synchronized long heard(int shard) {
        return heard[shard];
    }

    /**
     * Something became claimable at that time.
     *
     * @param at 0 for at once, -1 for nothing
     */
    void hear(int shard, long at) {
        if (at < 0 || shard < 0 || shard >= next.length) {
            return;
        }
        Runnable toCall = null;
        synchronized (this) {
            heard[shard]++;
            next[shard] = Math.min(next[shard], at);
            if (at < said) {
                said = at;
                toCall = listener;
            }
        }
        if (toCall != null) {
            toCall.run();
        }
    }

    /**
     * The shard said when something is to be claimed next.
     *
     * @param at 0 for at once, -1 for never
     * @param heardBefore {@link #heard(int)} when it was asked: what was heard since may be newer
     */
    void told(int shard, long at, long heardBefore) {
        long time = at < 0 ? NEVER : at;
        Runnable toCall = null;
        synchronized (this) {
            next[shard] = heard[shard] == heardBefore ? time : Math.min(next[shard], time);
            if (next[shard] < said) {
                said = next[shard];
                toCall = listener;
            }
        }
        if (toCall != null) {
            toCall.run();
        }
    }

    /** The earliest time of all shards, which is now said to whoever claims; {@link #NEVER} when there is none. */
    synchronized long say() {
        said = Arrays.stream(next).min().orElse(NEVER);
        return said;
    }
}
