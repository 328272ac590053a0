package io.posthorn.storage;

import java.util.concurrent.TimeUnit;

/**
 * How many deliveries are settled in a second: taken over windows of 150 ms, each new one counting half. Zero while
 * nothing was settled for half a second, and until the first window after that has ended. Verticle context.
 */
final class SettleRate {
    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(150);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(500);
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private double perSecond;
    private long windowStart;
    private long lastAt;
    private int inWindow;
    private boolean known;

    void settled(int count, long now) {
        if (!known || now - lastAt > PAUSE) {
            known = true;
            perSecond = 0;
            inWindow = 0;
            windowStart = now;
        } else {
            inWindow += count;
            long took = now - windowStart;
            if (took >= WINDOW) {
                double latest = inWindow * SECOND / took;
                perSecond = perSecond == 0 ? latest : (perSecond + latest) / 2;
                inWindow = 0;
                windowStart = now;
            }
        }
        lastAt = now;
    }

    double perSecond(long now) {
        return known && now - lastAt <= PAUSE ? perSecond : 0;
    }
}
