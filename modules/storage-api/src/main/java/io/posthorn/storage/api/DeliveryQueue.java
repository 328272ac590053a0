package io.posthorn.storage.api;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * The queues of all endpoints. Every endpoint owns one, ordered by due time, then by message id; an endpoint is
 * <em>eligible</em> when it is enabled, its earliest delivery is due, it is not parked, and fewer of its deliveries are
 * in flight than its limit allows.
 *
 * <p>All methods may be called on any thread and never block. Futures complete on a thread of the engine's choice; a
 * caller that needs its own context goes back to it. Every future fails with
 * {@link io.posthorn.contract.ErrorCode#STORE_UNAVAILABLE} while the store takes no changes, and then nothing was
 * changed; after a crash or a lost connection the caller repeats the call, which is safe.
 */
public interface DeliveryQueue {
    /**
     * Stores messages, each with one delivery for each endpoint that wants it at this moment, and its idempotency key,
     * all or nothing for each message.
     *
     * @return completes when all of them are as durable as this engine can make them; an outcome for each, in order. A
     *     repeated message id answers {@link AppendOutcome.Repeated}.
     */
    Future<List<AppendOutcome>> append(List<NewMessage> messages);

    /**
     * Hands out due deliveries of eligible endpoints: applications in turn, inside them endpoints in turn, each up to a
     * quantum a turn; first attempts before retries inside an endpoint's share, and retries only while less than half of
     * what the endpoint may have in flight is, so that fresh events find room beside a backlog. While its circuit is open
     * nothing, and after the time of its next probe one delivery at a time. Never waits:
     * {@link ClaimRequest#patience()} is the business of the caller.
     */
    Future<ClaimAnswer> claim(ClaimRequest request);

    /**
     * Stores results, and what they make of circuits. One under a fence that is no longer the delivery's records only its
     * attempt. A circuit that closes lets deliveries in one by one again, as its successes allow; what was made while it
     * was open stands behind what comes afterwards.
     *
     * @return completes when all are stored; a crash of the machine right afterwards may forget them, which costs a
     *     repeat
     */
    Future<List<SettleOutcome>> settle(List<Settlement> settlements);

    /**
     * Ends every lease that a node holds, since the node is gone, as if its time were over: what it had in flight waits
     * again with the attempt number it had, and a late result still counts as long as nobody claimed its delivery again.
     *
     * @return completes when all of it can be claimed; a node that holds nothing is no failure
     */
    Future<Void> releaseLeases(NodeId node);

    /**
     * Parks, limits and resumes queues and sets circuits, in order. An unknown endpoint is passed over. Limits and parking hold until
     * changed; a restart of the store may forget a limit, never a park or a circuit.
     */
    Future<Void> control(List<QueueControl> controls);

    /**
     * Makes a delivery due at once for one attempt by hand, whatever its state; it is made if there was none. One that
     * waits or is in flight already is only moved to the front. Fails with NOT_FOUND or MISSING_PAYLOAD.
     */
    Future<Void> resend(DeliveryKey key);

    /**
     * Moves on what nobody else will, a bounded amount of it: expired leases back to their queues, deliveries of
     * deleted endpoints to cancelled, background tasks a step further. What has outlived its retention is removed, found
     * by index: contents at {@link io.posthorn.contract.Message#contentExpiresAt()}, attempts a set time after they
     * began, the message's own record the same time after its contents, idempotency keys after a day at least. A
     * delivery that still waits when its message's record goes is cancelled; deliveries whose records went stay counted.
     *
     * @return how long until it should be called again; zero when there is more to do at once
     */
    Future<Duration> sweep();

    /**
     * Sets what is called when deliveries may have become claimable earlier than the last claim said. Called on any
     * thread, at most once a commit; must return at once.
     */
    void onWork(Runnable listener);
}
