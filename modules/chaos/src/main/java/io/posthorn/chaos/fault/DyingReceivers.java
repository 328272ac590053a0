package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Endpoint;
import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Receiver;
import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.process.Patience;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Receivers that break off in the middle of their answer, then go away altogether, and come back. */
final class DyingReceivers implements Fault {
    private static final Duration BREAKING_OFF = Duration.ofSeconds(2);
    private static final Duration AWAY = Duration.ofSeconds(3);
    private static final int FAILED = 2;

    @Override
    public String name() {
        return "receivers";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.allOf(Engine.class);
    }

    @Override
    public String mustHold() {
        return "lost 0; the broken attempts are recorded as failed, and the deliveries repeated until they arrive";
    }

    @Override
    public void inject(Scene scene) {
        List<Receiver> receivers = dying(scene);
        receivers.forEach(Receiver::breakOff);
        Patience.pass(BREAKING_OFF);
        long gone = System.nanoTime();
        receivers.forEach(receiver -> Scene.await(receiver.vanish()));
        // An answer that was on its way when the server went is a failure to the node, and rightly sent again.
        scene.disturbances().since(gone, 1);
        Patience.pass(AWAY);
    }

    @Override
    public void heal(Scene scene) {
        for (Receiver receiver : dying(scene)) {
            receiver.answer();
            Scene.await(receiver.listen());
        }
    }

    @Override
    public void check(Scene scene) throws Exception {
        scene.rule(scene.receipts().failures() > 0, "no answer was broken off: the run shows nothing");
        int failed = 0;
        for (Endpoint endpoint : scene.tenants().endpoints()) {
            failed += scene.node()
                    .json(
                            "GET",
                            "/app/" + endpoint.application() + "/attempt/endpoint/" + endpoint.id() + "?status="
                                    + FAILED,
                            null)
                    .getJsonArray("data")
                    .size();
        }
        scene.rule(failed > 0, "no attempt is recorded as failed");
        scene.remark("answers broken off: " + scene.receipts().failures());
    }

    /** Every second one; the others show that they are not harmed. */
    private static List<Receiver> dying(Scene scene) {
        List<Endpoint> all = scene.tenants().endpoints();
        return all.stream()
                .filter(endpoint -> all.indexOf(endpoint) % 2 == 0)
                .map(Endpoint::receiver)
                .toList();
    }
}
