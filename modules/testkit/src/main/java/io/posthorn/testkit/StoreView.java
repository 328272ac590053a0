package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;

import io.posthorn.contract.Application;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Books;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.Message;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.api.StorageEngine;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that can be seen of a small store from outside, to compare two of them; at most a page of each list. What is
 * in flight is shown as waiting.
 */
public record StoreView(
        List<Entity> entities,
        List<Books> queues,
        List<Message> messages,
        List<Delivery> deliveries,
        List<Attempt> attempts,
        List<BackgroundTask> tasks,
        Books books) {
    private static final PageRequest ALL = new PageRequest(PageRequest.MAX_LIMIT, null, false, true);

    /** Looks at a store. */
    public static StoreView of(StorageEngine engine) {
        OrganizationId owner = OrganizationId.DEFAULT;
        List<Entity> entities = new ArrayList<>();
        List<Books> queues = new ArrayList<>();
        List<Message> messages = new ArrayList<>();
        List<Delivery> deliveries = new ArrayList<>();
        List<Attempt> attempts = new ArrayList<>();
        entities.addAll(page(engine, new StorageQuery.ListEntities.EventTypes(owner, true, null, ALL)));
        for (Entity one : page(engine, new StorageQuery.ListEntities.Applications(owner, ALL))) {
            Application application = (Application) one;
            entities.add(application);
            for (Entity other : page(engine, new StorageQuery.ListEntities.Endpoints(application.id(), ALL))) {
                Endpoint endpoint = (Endpoint) other;
                entities.add(endpoint);
                queues.add(landed(resultOf(engine.queue(new StorageQuery.QueueOf(application.id(), endpoint.id())))
                        .books()));
            }
            for (Message message : resultOf(engine.messages(
                            new StorageQuery.Messages(application.id(), null, null, null, null, true, ALL)))
                    .items()) {
                messages.add(message);
                resultOf(engine.deliveries(new StorageQuery.DeliveriesOfMessage(application.id(), message.id(), ALL)))
                        .items()
                        .forEach(delivery -> deliveries.add(landed(delivery)));
                attempts.addAll(resultOf(engine.attempts(new StorageQuery.Attempts(
                                application.id(), message.id(), null, null, null, null, null, ALL)))
                        .items());
            }
        }
        List<BackgroundTask> tasks =
                resultOf(engine.tasks(new StorageQuery.Tasks(owner, null, ALL))).items();
        return new StoreView(
                entities,
                queues,
                messages,
                deliveries,
                attempts,
                tasks,
                landed(resultOf(engine.backlog()).books()));
    }

    private static List<Entity> page(StorageEngine engine, StorageQuery.ListEntities query) {
        return resultOf(engine.list(query)).items();
    }

    private static Books landed(Books books) {
        return new Books(
                books.created(),
                books.succeeded(),
                books.failed(),
                books.cancelled(),
                books.waiting() + books.inFlight(),
                0);
    }

    private static Delivery landed(Delivery delivery) {
        return delivery.state() == DeliveryState.IN_FLIGHT
                ? new Delivery(
                        delivery.key(),
                        DeliveryState.WAITING,
                        delivery.attempts(),
                        delivery.dueAt(),
                        delivery.changedAt())
                : delivery;
    }
}
