package io.posthorn.storage;

import io.posthorn.contract.Circuit;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Settlement;
import org.jspecify.annotations.Nullable;

/** Fences of the spare carry a bit that no fence of a primary has, so that a result finds back to where it belongs. */
final class SpareFence {
    private static final long BIT = 1L << 62;

    /** No claim ever had it: a result under it records its attempt only. */
    private static final long NONE = 0;

    private SpareFence() {}

    static boolean isOf(Settlement settlement) {
        return (settlement.fence() & BIT) != 0;
    }

    static ClaimedDelivery marked(ClaimedDelivery claimed) {
        return claimed.withFence(claimed.fence() | BIT);
    }

    /** As the spare knows it. */
    static Settlement unmarked(Settlement settlement) {
        return under(settlement, settlement.fence() & ~BIT, settlement.circuit());
    }

    /** As the primary may record it, which never handed it out. */
    static Settlement late(Settlement settlement) {
        return under(settlement, NONE, null);
    }

    private static Settlement under(Settlement settlement, long fence, @Nullable Circuit circuit) {
        return new Settlement(settlement.key(), fence, settlement.verdict(), settlement.attempt(), circuit);
    }
}
