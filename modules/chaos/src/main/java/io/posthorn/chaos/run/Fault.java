package io.posthorn.chaos.run;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * One way in which things go wrong. The run calls, in this order: {@link #prepare} before the node starts, then for
 * each round {@link #inject} and {@link #heal} under load, then {@link #settle} when the load has ended, and {@link
 * #check} when everything accepted has arrived or the patience has ended. All on the run's own thread.
 */
public interface Fault {
    /** As it is called on the command line. */
    String name();

    /** The engines that it can happen to. */
    Set<Engine> engines();

    /** One line: the rule. */
    String mustHold();

    /** How often it strikes when nobody says. */
    default int rounds() {
        return 2;
    }

    /** The most strikes of one run, whatever it is told. */
    default int mostRounds() {
        return Integer.MAX_VALUE;
    }

    /** Why it cannot be run on this machine; empty when it can. Nothing is skipped without a word. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** Whether it breaks the Redis itself, so that it must be one of the run's own. */
    default boolean breaksRedis() {
        return false;
    }

    /** How soon after its mending an event must be accepted and delivered; the patience of the run when empty. */
    default Optional<Duration> recoversWithin() {
        return Optional.empty();
    }

    /** Changes the scene before the node starts for the first time. */
    default void prepare(Scene scene) throws Exception {}

    /** Called once the node is ready and has its endpoints, before the load begins. */
    default void ready(Scene scene) throws Exception {}

    /** Breaks something; returns when it is time to mend it. */
    void inject(Scene scene) throws Exception;

    /** Mends it; how long deliveries take to flow again is measured from its beginning. */
    void heal(Scene scene) throws Exception;

    /** Whatever must be over before the count, such as receivers that hold their answers. */
    default void settle(Scene scene) throws Exception {}

    /** Rules of its own; what is broken is told to the scene. */
    default void check(Scene scene) throws Exception {}
}
