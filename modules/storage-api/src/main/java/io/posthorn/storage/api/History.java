package io.posthorn.storage.api;

import io.posthorn.contract.Attempt;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Message;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.Requests;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;

/** What happened and what is waiting. Reads see all that was durable when they began. Threads as in {@link DeliveryQueue}. */
public interface History {
    /** One message, or NOT_FOUND. */
    Future<Message> message(StorageQuery.OneMessage query);

    /** A page of messages. */
    Future<StorageQuery.MessagePage> messages(StorageQuery.Messages query);

    /** The deliveries of a message. */
    Future<StorageQuery.DeliveryPage> deliveries(StorageQuery.DeliveriesOfMessage query);

    /** The tried deliveries of an endpoint. */
    Future<StorageQuery.DeliveryPage> deliveries(StorageQuery.DeliveriesOfEndpoint query);

    /** A page of attempts. */
    Future<StorageQuery.AttemptPage> attempts(StorageQuery.Attempts query);

    /** One attempt, or NOT_FOUND. */
    Future<Attempt> attempt(StorageQuery.OneAttempt query);

    /** The queue of an endpoint. */
    Future<QueueState> queue(StorageQuery.QueueOf query);

    /** What is known of one delivery now, so that it can say why it waits; or NOT_FOUND. */
    Future<DeliveryFacts> explain(DeliveryKey key);

    /**
     * All queues together, never their deliveries: a look at each endpoint with something open, some hundred at a time, so
     * that what goes on meanwhile is not held up. To be asked for once a second at most. The books are of one moment.
     */
    Future<Backlog> backlog(Backlog.Ask ask);

    /** The same without applications. */
    default Future<Backlog> backlog() {
        return backlog(new Backlog.Ask(0));
    }

    /** The queues of one application in the same way: a look at each of its endpoints. */
    Future<Backlog.OfApplication> backlog(Backlog.AskApplication ask);

    /** Drops the payload of a message, or fails with NOT_FOUND. Deliveries that still wait end as cancelled. */
    Future<Void> expunge(Requests.ExpungeMessage request);

    /** Replaces the response of an attempt with {@code EXPUNGED}, or fails with NOT_FOUND. */
    Future<Void> expunge(Requests.ExpungeAttempt request);
}
