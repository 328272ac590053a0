package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Endpoint;
import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Receiver;
import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.process.Patience;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** SIGSTOP of the node for longer than a lease while attempts are in flight, answered meanwhile; then SIGCONT. */
final class Pause implements Fault {
    /** A lease lasts the timeout of an attempt and 15 seconds more. */
    private static final Duration LEASE = Duration.ofSeconds(18);

    private static final Duration BEYOND = Duration.ofSeconds(2);
    private static final Duration AWAKE = Duration.ofSeconds(2);
    private static final int IN_FLIGHT = 20;
    private static final int LOOKED_AT = 50;

    private long stopped;

    @Override
    public String name() {
        return "pause";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.allOf(Engine.class);
    }

    @Override
    public String mustHold() {
        return "lost 0; late results are recorded; nothing in limbo";
    }

    @Override
    public void prepare(Scene scene) {
        scene.setting("WEBHOOK_DEFAULT_TIMEOUT", "3s");
    }

    @Override
    public void inject(Scene scene) throws Exception {
        List<Receiver> receivers =
                scene.tenants().endpoints().stream().map(Endpoint::receiver).toList();
        receivers.forEach(Receiver::hold);
        Patience.require(
                Duration.ofSeconds(20),
                "attempts in flight",
                () -> receivers.stream().mapToInt(Receiver::open).sum() >= IN_FLIGHT);
        stopped = System.nanoTime();
        scene.node().signal("STOP");
        receivers.forEach(Receiver::answer);
        Patience.pass(LEASE.plus(BEYOND));
    }

    @Override
    public void heal(Scene scene) throws Exception {
        scene.node().signal("CONT");
        // What it had claimed but not sent yet goes out as it wakes up.
        scene.disturbances().between(stopped, System.nanoTime() + AWAKE.toNanos());
    }

    /** An attempt that a receiver saw is in the history, even when its result came after the lease. */
    @Override
    public void check(Scene scene) throws Exception {
        int looked = 0;
        for (Endpoint endpoint : scene.tenants().endpoints()) {
            var repeated = scene.receipts().pairs().stream()
                    .filter(pair -> pair.endpoint().equals(endpoint.id()))
                    .filter(pair -> scene.receipts().of(pair).size() > 1)
                    .limit(LOOKED_AT / scene.tenants().endpoints().size())
                    .toList();
            for (var pair : repeated) {
                looked++;
                int recorded = attempts(scene, endpoint, pair.message());
                int received = scene.receipts().of(pair).size();
                scene.rule(
                        recorded >= received,
                        pair + " was received " + received + " times, the history has " + recorded + " attempts");
            }
        }
        scene.remark("histories compared: " + looked);
    }

    private static int attempts(Scene scene, Endpoint endpoint, String message)
            throws IOException, InterruptedException {
        JsonObject page = scene.node()
                .json(
                        "GET",
                        "/app/" + endpoint.application() + "/attempt/msg/" + message + "?endpoint_id=" + endpoint.id(),
                        null);
        return page.getJsonArray("data").size();
    }
}
