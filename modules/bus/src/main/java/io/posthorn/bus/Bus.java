package io.posthorn.bus;

import io.posthorn.contract.Address;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Typed requests between roles. A request goes to a service of this process when there is one, and hands it the record
 * itself; else to any node that serves the address, as CBOR. One instance a {@link Vertx}.
 */
public final class Bus {
    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
    private static final String DEADLINE_HEADER = "posthorn-left-ms";

    private final EventBus eventBus;
    private final Routes routes;
    private final Underway underway;
    private final ConcurrentMap<String, AtomicInteger> servedHere = new ConcurrentHashMap<>();
    private final ConcurrentMap<Class<?>, Boolean> codecs = new ConcurrentHashMap<>();

    /** The bus of a process that knows of no others. */
    public Bus(Vertx vertx) {
        this(vertx, Routes.unknown());
    }

    /** The bus of a node of a cluster. */
    public Bus(Vertx vertx, Routes routes) {
        this.eventBus = vertx.eventBus();
        this.routes = routes;
        this.underway = new Underway(vertx);
    }

    /**
     * Asks the service at an address.
     *
     * @return completes on the caller's context; fails with a {@link PosthornException} only: what the service said,
     *     {@link ErrorCode#ROLE_UNAVAILABLE} when nobody serves the address, or {@link ErrorCode#TIMEOUT}, at the deadline or
     *     as soon as the nodes that may have the request are {@link #gone}
     */
    public <Q, R> Future<R> request(Address<Q, R> address, Q request, Deadline deadline) {
        return request(address, request, deadline, isServedHere(address.name()));
    }

    /** As {@link #request}, but of services in this process only: others are not asked where there is none here. */
    public <Q, R> Future<R> requestHere(Address<Q, R> address, Q request, Deadline deadline) {
        return request(address, request, deadline, true);
    }

    private <Q, R> Future<R> request(Address<Q, R> address, Q request, Deadline deadline, boolean here) {
        long left = deadline.remainingMillis();
        if (left == 0) {
            return Future.failedFuture(
                    new PosthornException(ErrorCode.TIMEOUT, "no time left to ask " + address.name()));
        }
        ensureCodec(address.requestType());
        ensureCodec(address.replyType());
        DeliveryOptions options = new DeliveryOptions()
                .setSendTimeout(left)
                .setCodecName(RecordCodec.nameOf(address.requestType()))
                .setLocalOnly(here)
                .addHeader(DEADLINE_HEADER, Long.toString(left));
        Set<NodeId> nodes = here ? Set.of() : routes.to(address.name());
        Future<R> answer = eventBus.<R>request(address.name(), request, options)
                .map(Message::body)
                .recover(cause -> Future.failedFuture(Failures.received(address.name(), cause)));
        return nodes.isEmpty() ? answer : underway.watch(address.name(), nodes, answer);
    }

    /** Gives up the requests that only that node can have, since it left or died. Any thread. */
    public void gone(NodeId node) {
        underway.gone(node);
    }

    /**
     * Answers requests at an address, on the current context.
     *
     * @return completes with the handle to stop it when all nodes can reach it
     */
    public <Q, R> Future<Served> serve(Address<Q, R> address, Service<Q, R> service) {
        ensureCodec(address.requestType());
        ensureCodec(address.replyType());
        String replyCodec = RecordCodec.nameOf(address.replyType());
        MessageConsumer<Q> consumer = eventBus.consumer(address.name());
        consumer.handler(message -> answer(address, service, message)
                .onSuccess(reply -> message.reply(reply, new DeliveryOptions().setCodecName(replyCodec)))
                .onFailure(cause -> refuse(address.name(), message, cause)));
        return consumer.completion().map(done -> {
            counter(address.name()).incrementAndGet();
            return new Served(() -> {
                counter(address.name()).decrementAndGet();
                return consumer.unregister();
            });
        });
    }

    /** Whether a service of this process answers at that address. */
    public boolean isServedHere(String address) {
        AtomicInteger count = servedHere.get(address);
        return count != null && count.get() > 0;
    }

    private AtomicInteger counter(String address) {
        return servedHere.computeIfAbsent(address, name -> new AtomicInteger());
    }

    @SuppressWarnings("NullAway") // a service that answers null breaks its contract; the caller must hear of it at once
    private static <Q, R> Future<R> answer(Address<Q, R> address, Service<Q, R> service, Message<Q> message) {
        Future<R> answer;
        try {
            answer = service.answer(message.body(), deadlineOf(message));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        } catch (Error e) {
            // The caller must not wait out its timeout; what it means for this process is for the context to say.
            refuse(address.name(), message, e);
            throw e;
        }
        if (answer == null) {
            return Future.failedFuture(new IllegalStateException("null future from " + address.name()));
        }
        return answer.compose(reply -> reply == null
                ? Future.failedFuture(new IllegalStateException("null reply from " + address.name()))
                : Future.succeededFuture(reply));
    }

    private static void refuse(String address, Message<?> message, Throwable cause) {
        if (cause instanceof PosthornException failure) {
            message.fail(failure.code().httpStatus(), Failures.text(failure));
            return;
        }
        LOG.error("a request to {} failed unexpectedly", address, cause);
        PosthornException failure = new PosthornException(ErrorCode.INTERNAL, "an internal error at " + address, cause);
        message.fail(failure.code().httpStatus(), Failures.text(failure));
    }

    private static Deadline deadlineOf(Message<?> message) {
        @Nullable String left = message.headers().get(DEADLINE_HEADER);
        return Deadline.afterMillis(left == null ? DeliveryOptions.DEFAULT_TIMEOUT : Long.parseLong(left));
    }

    private <T> void ensureCodec(Class<T> type) {
        codecs.computeIfAbsent(type, absent -> {
            eventBus.registerCodec(new RecordCodec<>(type));
            return true;
        });
    }
}
