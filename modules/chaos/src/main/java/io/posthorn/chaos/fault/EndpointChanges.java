package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Endpoint;
import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Patience;
import io.posthorn.chaos.run.Receipts.Receipt;
import io.posthorn.chaos.run.Receiver;
import io.posthorn.chaos.run.Scene;
import io.posthorn.chaos.run.Tenants;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One endpoint is deleted, one disabled and one gets another secret while thousands wait for each application. */
final class EndpointChanges implements Fault {
    private static final int WAITING = 3_000;
    private static final int FILL_RATE = 1_500;
    private static final Duration FILL = Duration.ofMinutes(2);
    /** What was claimed before the change was acknowledged may still arrive for so long. */
    private static final Duration CLAIMED_BEFORE = Duration.ofSeconds(2);

    private static final Duration WHILE_DISABLED = Duration.ofSeconds(4);

    private int round;

    @Override
    public String name() {
        return "endpoint-changes";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.allOf(Engine.class);
    }

    @Override
    public String mustHold() {
        return "deleted: cancelled; disabled: held until enabled; secret rotated: signed with both; the books balance";
    }

    /** An endpoint can be deleted once. */
    @Override
    public int mostRounds() {
        return Tenants.APPLICATIONS;
    }

    @Override
    public void inject(Scene scene) throws Exception {
        List<Endpoint> ours = ours(scene);
        receivers(scene).forEach(Receiver::hold);
        scene.load().start(FILL_RATE);
        Patience.require(
                FILL,
                WAITING + " waiting deliveries",
                () -> scene.books().filter(books -> books.waiting() >= WAITING).isPresent());
        scene.load().start(scene.plan().rate());
        ours.get(0).changing();
        scene.node().json("DELETE", ours.get(0).path(), null);
        ours.get(0).deleted();
        ours.get(1).changing();
        scene.node().json("PATCH", ours.get(1).path(), new JsonObject().put("disabled", true));
        rotate(scene, ours.get(2));
        long changed = System.nanoTime();
        receivers(scene).forEach(Receiver::answer);
        Patience.pass(WHILE_DISABLED);
        stayedAway(scene, ours.get(0), changed, Long.MAX_VALUE);
        stayedAway(scene, ours.get(1), changed, System.nanoTime());
    }

    @Override
    public void heal(Scene scene) throws Exception {
        Endpoint disabled = ours(scene).get(1);
        scene.node().json("PATCH", disabled.path(), new JsonObject().put("disabled", false));
        disabled.enabled();
        round++;
    }

    @Override
    public void check(Scene scene) throws Exception {
        scene.rule(scene.books().filter(books -> books.cancelled() > 0).isPresent(), "nothing was cancelled");
        int unsigned = receivers(scene).stream().mapToInt(Receiver::unsigned).sum();
        scene.rule(unsigned == 0, unsigned + " requests were not signed with both the old and the new secret");
    }

    /** A receiver that knows only one of the two secrets goes on, whichever it is. */
    private static void rotate(Scene scene, Endpoint endpoint) throws IOException, InterruptedException {
        String before = secret(scene, endpoint);
        scene.node().json("POST", endpoint.path() + "/secret/rotate", new JsonObject());
        String after = secret(scene, endpoint);
        scene.rule(!after.equals(before), "the secret is still the old one");
        // What was on its way when the secret changed is held; it was read before this.
        endpoint.receiver().requireSignatures(List.of(before, after));
    }

    private static String secret(Scene scene, Endpoint endpoint) throws IOException, InterruptedException {
        return scene.node().json("GET", endpoint.path() + "/secret", null).getString("key");
    }

    /** Nothing begins at an endpoint that is known to be gone or disabled. */
    private static void stayedAway(Scene scene, Endpoint endpoint, long from, long to) {
        long late = scene.receipts().pairs().stream()
                .filter(pair -> pair.endpoint().equals(endpoint.id()))
                .flatMap(pair -> scene.receipts().of(pair).stream())
                .mapToLong(Receipt::begin)
                .filter(begin -> begin > from + CLAIMED_BEFORE.toNanos() && begin < to)
                .count();
        scene.rule(late == 0, late + " deliveries began at " + endpoint.id() + " although it was deleted or disabled");
    }

    /** Another application each round. */
    private List<Endpoint> ours(Scene scene) {
        List<String> applications = scene.tenants().applications();
        String application = applications.get(round % applications.size());
        return scene.tenants().endpoints().stream()
                .filter(endpoint -> endpoint.application().equals(application))
                .toList();
    }

    private static List<Receiver> receivers(Scene scene) {
        return scene.tenants().endpoints().stream().map(Endpoint::receiver).toList();
    }
}
