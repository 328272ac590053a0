package io.posthorn.app;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far something long has come: on a terminal a line that is written over, at most ten times a second; else
 * whole lines, one in {@value #LINE_SECONDS} seconds. Any thread.
 */
final class ProgressLine {
    private static final int LINE_SECONDS = 5;
    private static final int BAR_CHARACTERS = 30;
    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final Duration NEXT_LINE = Duration.ofSeconds(LINE_SECONDS);

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private boolean shown;
    private long shownAt;
    private int width;

    /**
     * Shows nothing yet.
     *
     * @param terminal whether a line can be written over
     * @param nanoTime a clock as {@link System#nanoTime()}
     */
    ProgressLine(PrintWriter out, boolean terminal, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    /**
     * Shows a count of something whose end may be known.
     *
     * @param what such as {@code items moved}
     * @param total about how many there will be; 0 where nobody knows
     */
    synchronized void show(String what, long done, long total) {
        long now = nanoTime.getAsLong();
        if (!shown && !terminal) {
            // What ends soon needs no line.
            shown = true;
            shownAt = now;
        }
        if (shown && now - shownAt < (terminal ? REDRAW : NEXT_LINE).toNanos()) {
            return;
        }
        shown = true;
        shownAt = now;
        String text = total > 0
                ? String.format(Locale.ROOT, "%,d of about %,d %s (%d %%)", done, total, what, percent(done, total))
                : String.format(Locale.ROOT, "%,d %s", done, what);
        if (terminal) {
            draw(total > 0 ? bar(done, total) + " " + text : text);
        } else {
            out.println(text);
            out.flush();
        }
    }

    /** Leaves a terminal's line empty, for what comes next. */
    synchronized void clear() {
        if (terminal && width > 0) {
            draw("");
            out.print('\r');
            out.flush();
        }
    }

    private void draw(String text) {
        out.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
        out.flush();
        width = text.length();
    }

    private static String bar(long done, long total) {
        int full = (int) (BAR_CHARACTERS * Math.min(1.0, (double) done / total));
        return "[" + "#".repeat(full) + "-".repeat(BAR_CHARACTERS - full) + "]";
    }

    /** 100 only when nothing is left. */
    private static long percent(long done, long total) {
        return (long) Math.floor(100.0 * Math.min(done, total) / total);
    }
}
