package io.posthorn.chaos;

import io.posthorn.chaos.run.Progress;
import io.posthorn.chaos.run.Scene;
import java.io.PrintWriter;
import java.util.Locale;

/** One line a step, with the counts so far. */
final class ProgressLine implements Progress {
    private final PrintWriter out;
    private final long begin = System.nanoTime();

    ProgressLine(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void step(Scene scene, String what) {
        out.printf(
                Locale.ROOT,
                "%6.1f s  %-16s %-6s  accepted %d, delivered %d, repeated %d, refused %d: %s%n",
                (System.nanoTime() - begin) / 1e9,
                scene.faultName(),
                scene.engine().lowerCase(),
                scene.ledger().accepted(),
                scene.receipts().distinct(),
                scene.receipts().repeats(),
                scene.ledger().refusedCount(),
                what);
        out.flush();
    }
}
