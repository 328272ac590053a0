package io.posthorn.storage;

import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.Settlement;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Says whether deliveries wait because the processors have no time for them. All of this must hold:
 *
 * <ul>
 *   <li>{@link HandOutDelay}: deliveries wait until they are handed out;
 *   <li>the processors are at least 90 % busy, and from then on 75 %: in turns with a store of its own, such as Redis, a program
 *       that has all it can do leaves a tenth of a short while unused, and at the end of the pressure all that is held goes at once;
 *   <li>receivers are not what dispatchers wait for: a delivery is held for less than 250 ms in the mean, which by Little's
 *       law is the number held by the number settled in a second. Without settlements this never holds.
 * </ul>
 *
 * The processors are looked at only while claims bring deliveries that waited, and at most every 200 ms. Verticle context.
 */
final class DeliveryPressure {
    private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(200);
    private static final double BUSY = 0.9;
    private static final double STILL_BUSY = 0.75;
    private static final double LONGEST_HOLD_SECONDS = 0.25;

    private final LongSupplier nanos;
    private final DoubleSupplier processorLoad;
    private final ClaimsInFlight inFlight;
    private final HandOutDelay delay;
    private final SettleRate rate = new SettleRate();
    private long lookedAt;
    private double load = Double.NaN;
    private boolean high;

    /**
     * @param nanos a clock like {@link System#nanoTime()}
     * @param clock a time of day
     * @param processorLoad how busy the processors were since it was last asked, 0 to 1; negative or NaN when unknown,
     *     and then there is never any pressure
     */
    DeliveryPressure(LongSupplier nanos, InstantSource clock, DoubleSupplier processorLoad) {
        this.nanos = nanos;
        this.processorLoad = processorLoad;
        this.delay = new HandOutDelay(nanos, clock);
        this.inFlight = new ClaimsInFlight(nanos);
        this.lookedAt = nanos.getAsLong() - LOOK_EVERY;
    }

    /** They go to the store now. */
    void appended(List<NewMessage> messages) {
        delay.appended(messages);
    }

    /** A claim was answered with these. */
    void claimed(ClaimRequest request, List<ClaimedDelivery> found) {
        inFlight.claimed(found, request.lease().toNanos());
        if (delay.claimed(request, found)) {
            // At the first of them too, so that the next look is not about the time before.
            look(nanos.getAsLong());
        } else if (found.isEmpty() && inFlight.count() == 0) {
            delay.reset();
        }
    }

    /** The results of these are stored. */
    void settled(List<Settlement> settlements) {
        inFlight.settled(settlements);
        rate.settled(settlements.size(), nanos.getAsLong());
    }

    double settledPerSecond() {
        return rate.perSecond(nanos.getAsLong());
    }

    boolean isHigh() {
        high = delay.isLong() && isForWantOfProcessors();
        return high;
    }

    private boolean isForWantOfProcessors() {
        long now = nanos.getAsLong();
        look(now);
        return load >= (high ? STILL_BUSY : BUSY) && inFlight.count() < LONGEST_HOLD_SECONDS * rate.perSecond(now);
    }

    private void look(long now) {
        if (now - lookedAt >= LOOK_EVERY) {
            lookedAt = now;
            load = processorLoad.getAsDouble();
        }
    }
}
