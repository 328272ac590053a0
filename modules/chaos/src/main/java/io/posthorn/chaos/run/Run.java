package io.posthorn.chaos.run;

import io.posthorn.testkit.process.Books;
import io.posthorn.testkit.process.Patience;
import io.posthorn.testkit.process.Programs;
import io.posthorn.testkit.process.RunFailed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One fault on one engine: load, strikes, count. */
public final class Run {
    private static final Duration WARM = Duration.ofMinutes(1);
    private static final Duration ANSWERS = Duration.ofSeconds(60);
    private static final Duration ARRIVALS = Duration.ofMinutes(3);
    private static final Duration VERIFY = Duration.ofMinutes(2);
    private static final int USAGE = 2;

    private final Fault fault;
    private final Engine engine;
    private final Plan plan;
    private final Progress progress;

    public Run(Fault fault, Engine engine, Plan plan, Progress progress) {
        this.fault = fault;
        this.engine = engine;
        this.plan = plan;
        this.progress = progress;
    }

    /** Carries it out on the calling thread. */
    public Result execute() throws Exception {
        Optional<String> obstacle = fault.obstacle();
        if (obstacle.isPresent()) {
            return Result.skipped(fault, engine, obstacle.get());
        }
        if (fault.breaksRedis() && plan.settings().containsKey(Scene.REDIS_URL)) {
            return Result.skipped(fault, engine, "breaks Redis itself, and never one that is not its own");
        }
        List<Duration> recoveries = new ArrayList<>();
        try (Scene scene = new Scene(fault, engine, plan, progress)) {
            try {
                strike(scene, recoveries);
                count(scene);
            } catch (RunFailed | AssertionError e) {
                scene.broken(String.valueOf(e.getMessage()));
            }
            return Judge.result(scene, recoveries);
        }
    }

    private void strike(Scene scene, List<Duration> recoveries) throws Exception {
        fault.prepare(scene);
        scene.open();
        fault.ready(scene);
        scene.load().start(plan.rate());
        Patience.require(WARM, "the first delivery", () -> scene.receipts().distinct() > 0);
        scene.ledger().restartSlowest();
        int rounds = Math.min(plan.rounds() == null ? fault.rounds() : plan.rounds(), fault.mostRounds());
        for (int round = 1; round <= rounds; round++) {
            long most = plan.duration().toMillis();
            Patience.pass(Duration.ofMillis(most / 4 + scene.random().nextLong(1 + most * 3 / 4)));
            scene.step("round " + round + "/" + rounds + ": breaking");
            fault.inject(scene);
            scene.step("round " + round + "/" + rounds + ": mending");
            long mending = System.nanoTime();
            fault.heal(scene);
            Duration recovery = scene.awaitDelivery(mending);
            recoveries.add(recovery);
            fault.recoversWithin()
                    .ifPresent(bound -> scene.rule(
                            recovery.compareTo(bound) <= 0,
                            "delivering again only " + recovery.toMillis() + " ms after the mending"));
        }
        Patience.pass(plan.duration());
        scene.step("load ends");
        int unknown = scene.load().finish(ANSWERS);
        if (unknown > 0) {
            scene.remark(unknown + " requests stayed without an answer");
        }
        fault.settle(scene);
    }

    private void count(Scene scene) throws Exception {
        scene.step("waiting for what was accepted");
        boolean unused = Patience.until(
                ARRIVALS,
                () -> scene.missing() == 0
                        && scene.books().filter(Books::isDrained).isPresent());
        fault.check(scene);
        Judge.books(scene);
        scene.step("stopping");
        int code = scene.node().terminate();
        scene.rule(code == 0, "the node stopped with exit code " + code);
        verify(scene);
    }

    /** The program's own recount must agree. */
    private static void verify(Scene scene) throws IOException, InterruptedException {
        if (scene.engine() == Engine.MEMORY) {
            return;
        }
        Programs.Ended verified = scene.node().run(VERIFY, "verify");
        if (verified.code() == USAGE && verified.output().contains("Unmatched argument")) {
            scene.remark("this program has no command verify");
            return;
        }
        scene.rule(verified.code() == 0, "posthorn verify ended with " + verified.code() + ": " + verified.output());
    }
}
