package io.posthorn.ingestion;

import io.posthorn.contract.Attempt;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says in words what becomes of a delivery, and of one that has ended why it did. Only what the facts say, and nothing else.
 *
 * @param endpoint null when it was deleted
 * @param policy the retry policy in force
 * @param attempts the last ones that are still kept, newest first
 */
record Explanation(DeliveryFacts facts, @Nullable Endpoint endpoint, RetryPolicy policy, List<Attempt> attempts) {
    private static final int GONE = 410;

    /** Why it ended; null while it has not. */
    @Nullable
    String whyEnded() {
        return switch (facts.delivery().state()) {
            case WAITING, IN_FLIGHT -> null;
            case SUCCEEDED ->
                attempts.isEmpty()
                        ? "The receiver accepted attempt " + made() + ", whose record is no longer kept."
                        : "The receiver answered " + attempts.get(0).statusCode() + " to attempt "
                                + attempts.get(0).number() + ".";
            case FAILED -> whyFailed();
            case CANCELLED ->
                "It was withdrawn: its endpoint or application was deleted, its payload was removed, or it was"
                        + " cancelled by hand. The store does not keep which"
                        + (endpoint == null ? "; the endpoint is deleted." : ".");
        };
    }

    private String whyFailed() {
        if (attempts.isEmpty()) {
            return "The last of " + made() + " attempts failed; their records are no longer kept.";
        }
        Attempt last = attempts.get(0);
        String failed = "Attempt " + last.number() + " failed (" + outcome(last) + ")";
        if (last.statusCode() == GONE) {
            return failed + ": the receiver is gone, which ends the delivery and disables the endpoint.";
        }
        return last.trigger() == Trigger.MANUAL
                ? failed + "; one that was asked for by hand is not repeated."
                : failed + ", and the retry policy allowed no more.";
    }

    private static String outcome(Attempt attempt) {
        return attempt.statusCode() == 0 ? "no response" : "status " + attempt.statusCode();
    }

    private int made() {
        return facts.delivery().attempts();
    }

    /** What happens next, in one sentence or two. */
    String next() {
        Delivery delivery = facts.delivery();
        DeliveryFacts.Wait wait = facts.waitsFor();
        if (wait == null) {
            return delivery.state() == DeliveryState.SUCCEEDED
                    ? "Nothing: it is delivered."
                    : "Nothing, unless somebody resends it.";
        }
        if (endpoint == null && delivery.state() == DeliveryState.WAITING) {
            return "The next sweep withdraws it: its endpoint is deleted.";
        }
        String attempt = "attempt " + (made() + 1);
        String until = wait.until() == null ? "" : " until " + wait.until();
        String then = attempt + " is made" + behind();
        String what = switch (wait.cause()) {
            case READY -> sentence(then + " with one of the next claims");
            case DUE_LATER -> sentence(attempt + " is made at " + wait.until() + behind());
            case RATE_LIMITED -> "The endpoint is at its rate limit" + until + "; then " + then;
            case CIRCUIT_OPEN ->
                "The circuit of the endpoint is open" + until + "; then " + then
                        + ", as soon as the circuit lets it through";
            case RECEIVER_BUSY ->
                "The receiver asked for a pause or was overloaded, and gets nothing" + until + "; then " + then;
            case ENDPOINT_DISABLED -> "Nothing while the endpoint is disabled; once it is enabled, " + then + due();
            case CONCURRENCY_FULL ->
                facts.queue().until() == null
                        ? "As many attempts as may be are in flight to the endpoint ("
                                + facts.queue().books().inFlight() + " of "
                                + facts.queue().inFlightLimit() + "); when one of them ends, " + then
                        : "Slow endpoints hold their share of the node" + until + "; then " + then;
            case IN_FLIGHT -> underWay(attempt);
        };
        return what + ". " + ifItFails();
    }

    private String underWay(String attempt) {
        DeliveryFacts.Hold hold = facts.hold();
        if (hold == null) {
            return sentence(attempt + " is under way");
        }
        return sentence(attempt + " is under way at node " + hold.node()
                + (hold.since() == null ? "" : " since " + hold.since())
                + "; if nothing is heard of it until " + hold.until() + ", it is made again");
    }

    private String behind() {
        DeliveryFacts.Place place = facts.place();
        if (place == null || place.before() == 0) {
            return "";
        }
        return place.isBehindMore()
                ? ", behind more than " + DeliveryFacts.MOST_BEFORE + " others"
                : ", behind " + place.before() + (place.before() == 1 ? " other" : " others");
    }

    private String due() {
        Instant dueAt = facts.delivery().dueAt();
        return dueAt != null && dueAt.isAfter(facts.at()) ? ", not before " + dueAt : "";
    }

    private String ifItFails() {
        DeliveryFacts.Place place = facts.place();
        if (place != null && place.trigger() == Trigger.MANUAL) {
            return "If it fails, the delivery ends: it was asked for by hand.";
        }
        List<Duration> delays = policy.delays();
        if (made() >= delays.size()) {
            return "If it fails, the delivery ends: the retry policy allows no more.";
        }
        return "If it fails, the next follows about "
                + Math.max(0, delays.get(made()).toSeconds()) + " s later.";
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
