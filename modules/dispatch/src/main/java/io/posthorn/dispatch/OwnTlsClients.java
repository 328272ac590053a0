package io.posthorn.dispatch;

import io.posthorn.contract.TlsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clients of endpoints with TLS options of their own, one for each content of the options, made when it is first needed.
 * One that nobody needed for {@link #IDLE} is closed; of more than {@value #MOST}, the one used least recently is, whose
 * attempts under way may end. Verticle context.
 */
final class OwnTlsClients<C> {
    static final int MOST = 256;
    static final Duration IDLE = Duration.ofMinutes(5);

    private final Function<TlsOptions, C> maker;
    private final Consumer<C> closer;
    private final Timers timers;
    private final LongSupplier nanoTime;
    private final LinkedHashMap<TlsOptions, Kept<C>> byUse = new LinkedHashMap<>(16, 0.75f, true);
    private boolean watching;

    private static final class Kept<C> {
        final C client;
        long usedNanos;

        Kept(C client) {
            this.client = client;
        }
    }

    /** @param nanoTime as {@link System#nanoTime()} */
    OwnTlsClients(Function<TlsOptions, C> maker, Consumer<C> closer, Timers timers, LongSupplier nanoTime) {
        this.maker = maker;
        this.closer = closer;
        this.timers = timers;
        this.nanoTime = nanoTime;
    }

    C of(TlsOptions options) {
        @Nullable Kept<C> kept = byUse.get(options);
        if (kept == null) {
            kept = new Kept<>(maker.apply(options));
            byUse.put(options, kept);
            closeTheEldest();
            watch();
        }
        kept.usedNanos = nanoTime.getAsLong();
        return kept.client;
    }

    /** Gives up all of them, to be closed by the caller. */
    List<C> removeAll() {
        List<C> all = new ArrayList<>();
        byUse.values().forEach(kept -> all.add(kept.client));
        byUse.clear();
        return all;
    }

    private void closeTheEldest() {
        if (byUse.size() > MOST) {
            Iterator<Kept<C>> eldestFirst = byUse.values().iterator();
            Kept<C> eldest = eldestFirst.next();
            eldestFirst.remove();
            closer.accept(eldest.client);
        }
    }

    private void watch() {
        if (!watching) {
            watching = true;
            long unused = timers.after(TimeUnit.NANOSECONDS.toMillis(IDLE.toNanos()), this::closeIdle);
        }
    }

    private void closeIdle() {
        watching = false;
        long before = nanoTime.getAsLong() - IDLE.toNanos();
        Iterator<Map.Entry<TlsOptions, Kept<C>>> eldestFirst = byUse.entrySet().iterator();
        while (eldestFirst.hasNext()) {
            Kept<C> kept = eldestFirst.next().getValue();
            if (kept.usedNanos - before > 0) {
                break;
            }
            eldestFirst.remove();
            closer.accept(kept.client);
        }
        if (!byUse.isEmpty()) {
            watch();
        }
    }
}
