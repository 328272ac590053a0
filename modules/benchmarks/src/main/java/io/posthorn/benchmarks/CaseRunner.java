package io.posthorn.benchmarks;

import io.posthorn.benchmarks.cases.BenchCase;
import io.posthorn.benchmarks.run.Plan;
import io.posthorn.benchmarks.run.Progress;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Workers;
import io.posthorn.testkit.process.RunFailed;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Runs case after case with the same workers, and tells a line a step. */
final class CaseRunner implements AutoCloseable {
    private final PrintWriter out;
    private final int loops;
    private final long begin = System.nanoTime();
    private Workers workers;

    CaseRunner(PrintWriter out, int loops) throws IOException {
        this.out = out;
        this.loops = loops;
        this.workers = new Workers(loops);
    }

    /** A case that fails is told, and does not keep the others from being measured; answers whether it did not fail. */
    boolean measure(BenchCase one, Plan plan, List<Result> results) throws Exception {
        Progress progress = what -> out.printf(
                Locale.ROOT,
                "%6.1f s  %-14s %-12s  %s%n",
                (System.nanoTime() - begin) / 1e9,
                one.name(),
                plan.store().label(),
                what);
        if (!one.runsOn(plan.store())) {
            progress.step("left out: nothing outlives the process");
            return true;
        }
        try (Stage stage = new Stage(plan, workers, progress)) {
            results.add(one.run(stage));
            return true;
        } catch (RunFailed | AssertionError e) {
            progress.step("FAILED: " + e.getMessage());
            // Whoever failed may have been one of them, or may still be at it.
            workers.close();
            workers = new Workers(loops);
            return false;
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
