package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Endpoint;
import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.process.Patience;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** {@code kill -9} with a hundred thousand deliveries waiting because no receiver answers. */
final class RestartWithBacklog implements Fault {
    private static final Duration ANSWERED = Duration.ofSeconds(2);
    private static final Duration FILL = Duration.ofMinutes(5);
    private static final int WAITING = 100_000;
    private static final int FILL_RATE = 4_000;

    private long killed;

    @Override
    public String name() {
        return "restart-100k";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.of(Engine.DISK, Engine.REDIS);
    }

    @Override
    public String mustHold() {
        return "ready again in under 5 s (or 4 times its first start) with 100,000 waiting; lost 0";
    }

    @Override
    public int rounds() {
        return 1;
    }

    @Override
    public void prepare(Scene scene) {
        scene.setting("WEBHOOK_DEFAULT_TIMEOUT", "90s");
    }

    @Override
    public void ready(Scene scene) {
        scene.tenants().endpoints().forEach(endpoint -> endpoint.receiver().hold());
        scene.load().start(FILL_RATE);
        Patience.require(
                FILL,
                WAITING + " waiting deliveries",
                () -> scene.books().filter(books -> books.waiting() >= WAITING).isPresent());
        // An event wakes the queue of its endpoint: one that gets none any more shows that a start finds its backlog.
        scene.load().leaveFirstApplicationAlone();
        Patience.pass(ANSWERED);
    }

    @Override
    public void inject(Scene scene) {
        killed = System.nanoTime();
        scene.node().kill();
    }

    @Override
    public void heal(Scene scene) throws Exception {
        // Whatever arrived since was sent by the node that is dead.
        scene.disturbances().since(killed, 1);
        Duration start = scene.node().start();
        scene.remark("ready after " + start.toMillis() + " ms with " + scene.missing() + " not delivered yet");
        scene.requireReadyIn(start);
        scene.tenants().endpoints().stream().map(Endpoint::receiver).forEach(receiver -> receiver.answer());
    }
}
