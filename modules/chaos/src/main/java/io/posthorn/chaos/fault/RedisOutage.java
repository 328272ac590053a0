package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Patience;
import io.posthorn.chaos.run.Scene;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Redis goes away in one of several ways, stays away, and comes back; the node is never touched. */
final class RedisOutage implements Fault {
    /** The time of an API request is limited to 10 s by default; the rest is for a machine that is busy. */
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(12);

    private static final Duration RECOVERY = Duration.ofSeconds(5);

    private static final String EVERY_SECOND = "everysec";

    private final Way way;
    private final boolean brief;
    private final Map<String, String> redisSettings;
    private long gone;

    /**
     * Makes one.
     *
     * @param brief whether it is away for a moment only, and not for the outage of the plan
     * @param redisSettings of the Redis server
     */
    RedisOutage(Way way, boolean brief, Map<String, String> redisSettings) {
        this.way = way;
        this.brief = brief;
        this.redisSettings = redisSettings;
    }

    /** How it goes and comes back. */
    interface Way {
        /** The name of the fault. */
        String name();

        /** Called before the node starts. */
        default void prepare(Scene scene) {}

        /** Takes it away. */
        void takeAway(Scene scene);

        /** Brings it back. */
        void bringBack(Scene scene);
    }

    @Override
    public String name() {
        return way.name();
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.of(Engine.REDIS);
    }

    @Override
    public String mustHold() {
        return "every request is answered in under 12 s, with 503 if need be; delivering again within 5 s; lost 0";
    }

    @Override
    public boolean breaksRedis() {
        return true;
    }

    @Override
    public Optional<Duration> recoversWithin() {
        return Optional.of(RECOVERY);
    }

    @Override
    public void prepare(Scene scene) {
        // A lease lasts 15 s longer: what was claimed by a call whose answer was lost waits for its end.
        scene.setting("WEBHOOK_DEFAULT_TIMEOUT", "5s");
        scene.startRedis(redisSettings);
        way.prepare(scene);
    }

    @Override
    public void inject(Scene scene) {
        gone = System.nanoTime();
        way.takeAway(scene);
        Patience.pass(
                brief
                        ? Duration.ofMillis(200 + scene.random().nextInt(2_000))
                        : scene.plan().outage());
    }

    @Override
    public void heal(Scene scene) {
        way.bringBack(scene);
    }

    @Override
    public void settle(Scene scene) {
        // Results that could not be stored are offered until their lease has ended; then their deliveries repeat.
        scene.disturbances().since(gone, 1);
    }

    @Override
    public void check(Scene scene) throws InterruptedException {
        if (redisSettings.containsValue(EVERY_SECOND)) {
            String health = scene.node().management("/health");
            scene.rule(
                    health.contains("degraded") && health.contains("appendfsync is " + EVERY_SECOND),
                    "/health does not say that a second may be lost: " + health);
        }
        long slowest = TimeUnit.NANOSECONDS.toMillis(scene.ledger().slowestNanos());
        scene.remark("slowest request " + slowest + " ms (bound " + LONGEST_REQUEST.toMillis() + " ms)");
        scene.rule(slowest <= LONGEST_REQUEST.toMillis(), "a request took " + slowest + " ms");
        scene.rule(
                Set.of(503).containsAll(scene.ledger().refused().keySet()),
                "refused with something else than 503: " + scene.ledger().refused());
        scene.rule(brief || scene.ledger().refusedCount() > 0, "nothing was refused: Redis was not away");
    }
}
