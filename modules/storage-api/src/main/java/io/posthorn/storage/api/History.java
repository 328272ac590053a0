package io.posthorn.storage.api;

import io.posthorn.contract.Attempt;
import io.posthorn.contract.Backlog;
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

    /** All queues together; costs a look at each endpoint with something open, so at most a few times a second. */
    Future<Backlog> backlog();

    /** Drops the payload of a message, or fails with NOT_FOUND. Deliveries that still wait end as cancelled. */
    Future<Void> expunge(Requests.ExpungeMessage request);

    /** Replaces the response of an attempt with {@code EXPUNGED}, or fails with NOT_FOUND. */
    Future<Void> expunge(Requests.ExpungeAttempt request);
}
