package io.posthorn.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.Address;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.SaveOutcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BusTest {
    private static final Address<RoleHealth.Ask, RoleHealth> HEALTH = Addresses.healthOf("storage");
    private static final RoleHealth GOOD = new RoleHealth("storage", List.of());

    private static final NodeId NODE = new NodeId("node-1");
    private static final NodeId OTHER = new NodeId("node-2");

    private final BlockingQueue<Message<?>> requests = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private Bus bus;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        bus = new Bus(vertx);
    }

    @AfterEach
    void stop() {
        resultOf(vertx.close());
    }

    @Test
    void handsOverTheVeryRecordInsideAProcess() {
        // Given
        AtomicReference<Requests.Save> seen = new AtomicReference<>();
        SaveOutcome reply = new SaveOutcome.NameTaken("main");
        serve(Addresses.SAVE, (request, deadline) -> {
            seen.set(request);
            return Future.succeededFuture(reply);
        });
        Requests.Save request =
                (Requests.Save) new RecordSamples().of(Requests.Save.class).get(0);

        // When
        SaveOutcome answer = resultOf(bus.request(Addresses.SAVE, request, seconds(5)));

        // Then
        assertThat(seen.get()).isSameAs(request);
        assertThat(answer).isSameAs(reply);
    }

    @Test
    void takesEveryCaseOfASealedRequest() {
        serve(Addresses.REMOVE, (request, deadline) -> Future.succeededFuture(new Requests.Done()));

        for (Object removal : new RecordSamples().of(Removal.class)) {
            assertThat(resultOf(bus.request(Addresses.REMOVE, (Removal) removal, seconds(5))))
                    .isEqualTo(new Requests.Done());
        }
    }

    @Test
    void failureOfAServiceKeepsItsCodeAndText() {
        serve(
                HEALTH,
                (request, deadline) ->
                        Future.failedFuture(new PosthornException(ErrorCode.OVERLOADED, "queue full: 10: try later")));

        PosthornException failure = refusal(bus.request(HEALTH, new RoleHealth.Ask(), seconds(5)));

        assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(failure).hasMessage("queue full: 10: try later");
    }

    @Test
    void everyCodeTravels() {
        AtomicReference<ErrorCode> next = new AtomicReference<>();
        serve(HEALTH, (request, deadline) -> Future.failedFuture(new PosthornException(next.get(), "why")));

        for (ErrorCode code : ErrorCode.values()) {
            next.set(code);
            assertThat(refusal(bus.request(HEALTH, new RoleHealth.Ask(), seconds(5)))
                            .code())
                    .isEqualTo(code);
        }
    }

    @Test
    void throwOfAServiceIsAnInternalErrorAtOnceAndTellsNothing() {
        serve(HEALTH, (request, deadline) -> {
            throw new IllegalStateException("password=secret");
        });

        assertInternal(bus.request(HEALTH, new RoleHealth.Ask(), seconds(20)));
    }

    @Test
    void typedThrowOfAServiceKeepsItsCode() {
        serve(HEALTH, (request, deadline) -> {
            throw new PosthornException(ErrorCode.NOT_FOUND, "no such thing");
        });

        assertThat(refusal(bus.request(HEALTH, new RoleHealth.Ask(), seconds(20)))
                        .code())
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void unexpectedFailureIsAnInternalErrorAtOnceAndTellsNothing() {
        serve(HEALTH, (request, deadline) -> Future.failedFuture(new IllegalStateException("password=secret")));

        assertInternal(bus.request(HEALTH, new RoleHealth.Ask(), seconds(20)));
    }

    @Test
    void nullFutureIsAnInternalErrorAtOnce() {
        serve(HEALTH, (request, deadline) -> null);

        assertInternal(bus.request(HEALTH, new RoleHealth.Ask(), seconds(20)));
    }

    @Test
    void nullReplyIsAnInternalErrorAtOnce() {
        serve(HEALTH, (request, deadline) -> Future.succeededFuture(null));

        assertInternal(bus.request(HEALTH, new RoleHealth.Ask(), seconds(20)));
    }

    @Test
    void errorOfAServiceIsAnInternalErrorAtOnce() {
        serve(HEALTH, (request, deadline) -> {
            throw new StackOverflowError();
        });

        assertInternal(bus.request(HEALTH, new RoleHealth.Ask(), seconds(20)));
    }

    @Test
    void addressThatNobodyServesIsUnavailable() {
        PosthornException failure = refusal(bus.request(HEALTH, new RoleHealth.Ask(), seconds(20)));

        assertThat(failure.code()).isEqualTo(ErrorCode.ROLE_UNAVAILABLE);
        assertThat(failure).hasMessageContaining("posthorn.storage.health");
    }

    @Test
    void answerThatDoesNotComeIsATimeout() {
        serve(HEALTH, (request, deadline) -> Promise.<RoleHealth>promise().future());

        assertThat(refusal(bus.request(HEALTH, new RoleHealth.Ask(), Deadline.after(Duration.ofMillis(30))))
                        .code())
                .isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void requestWithoutTimeLeftIsNotSent() {
        AtomicReference<Boolean> called = new AtomicReference<>(false);
        serve(HEALTH, (request, deadline) -> {
            called.set(true);
            return Future.succeededFuture(GOOD);
        });

        PosthornException failure = refusal(bus.request(HEALTH, new RoleHealth.Ask(), Deadline.after(Duration.ZERO)));

        assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(called.get()).isFalse();
    }

    @Test
    void serviceHearsHowLongItsCallerWaits() {
        AtomicReference<Deadline> heard = new AtomicReference<>();
        serve(HEALTH, (request, deadline) -> {
            heard.set(deadline);
            return Future.succeededFuture(GOOD);
        });

        RoleHealth answer = resultOf(bus.request(HEALTH, new RoleHealth.Ask(), seconds(10)));

        assertThat(answer).isEqualTo(GOOD);
        assertThat(heard.get().remainingMillis()).isBetween(1L, 10_000L);
        assertThat(heard.get().isPast()).isFalse();
    }

    @Test
    void nestedDeadlinesShrink() {
        Deadline outer = seconds(100);
        Deadline inner = outer.forNested();
        Deadline innermost = inner.forNested();

        assertThat(inner.remainingMillis()).isBetween(90_000L, 95_000L);
        assertThat(innermost.remainingMillis()).isLessThan(inner.remainingMillis() - 4_000);
        Deadline over = Deadline.after(Duration.ofSeconds(-1));
        assertThat(over.isPast()).isTrue();
        assertThat(over.remainingMillis()).isZero();
        assertThat(over.forNested().isPast()).isTrue();
    }

    @Test
    void knowsWhatIsServedHere() {
        assertThat(bus.isServedHere(HEALTH.name())).isFalse();
        Served first = serve(HEALTH, (request, deadline) -> Future.succeededFuture(GOOD));
        Served second = serve(HEALTH, (request, deadline) -> Future.succeededFuture(GOOD));
        assertThat(bus.isServedHere(HEALTH.name())).isTrue();

        resultOf(first.stop());
        assertThat(bus.isServedHere(HEALTH.name())).isTrue();
        assertThat(resultOf(bus.request(HEALTH, new RoleHealth.Ask(), seconds(5))))
                .isEqualTo(GOOD);
        resultOf(second.stop());

        assertThat(bus.isServedHere(HEALTH.name())).isFalse();
        assertThat(refusal(bus.request(HEALTH, new RoleHealth.Ask(), seconds(5)))
                        .code())
                .isEqualTo(ErrorCode.ROLE_UNAVAILABLE);
    }

    @Test
    void stoppingTwiceCountsOnce() {
        Served first = serve(HEALTH, (request, deadline) -> Future.succeededFuture(GOOD));
        Served second = serve(HEALTH, (request, deadline) -> Future.succeededFuture(GOOD));

        resultOf(first.stop());
        resultOf(first.stop());

        assertThat(bus.isServedHere(HEALTH.name())).isTrue();
        resultOf(second.stop());
        assertThat(bus.isServedHere(HEALTH.name())).isFalse();
    }

    @Test
    void requestIsGivenUpWhenTheOnlyNodeThatMayHaveItIsGone() {
        // Given
        Bus clustered = busAmong(Set.of(NODE));
        Future<RoleHealth> answer = clustered.request(HEALTH, new RoleHealth.Ask(), seconds(60));

        // When
        clustered.gone(OTHER);
        assertThat(answer.isComplete()).isFalse();
        clustered.gone(NODE);

        // Then
        PosthornException failure = refusal(answer);
        assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(failure).hasMessageContaining("posthorn.storage.health").hasMessageContaining("gone");
    }

    @Test
    void requestThatAnotherNodeMayHaveIsWaitedFor() {
        // Given
        Bus clustered = busAmong(Set.of(NODE, OTHER));
        Future<RoleHealth> answer = clustered.request(HEALTH, new RoleHealth.Ask(), seconds(60));

        // When
        clustered.gone(NODE);

        // Then
        assertThat(answer.isComplete()).isFalse();
        reply(next(requests), GOOD);
        assertThat(resultOf(answer)).isEqualTo(GOOD);

        // When: one more waits, and now nobody is left who may have it
        Future<RoleHealth> second = clustered.request(HEALTH, new RoleHealth.Ask(), seconds(60));
        clustered.gone(OTHER);
        assertThat(second.isComplete()).isFalse();
        clustered.gone(NODE);
        assertThat(refusal(second).code()).isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void requestOfThisProcessOutlivesOtherNodes() {
        // Given
        Bus clustered = new Bus(vertx, address -> Set.of(NODE));
        Promise<RoleHealth> answer = Promise.promise();
        Served served = resultOf(clustered.serve(HEALTH, (request, deadline) -> answer.future()));
        Future<RoleHealth> asked = clustered.request(HEALTH, new RoleHealth.Ask(), seconds(60));

        // When
        clustered.gone(NODE);
        answer.complete(GOOD);

        // Then
        assertThat(resultOf(asked)).isEqualTo(GOOD);
        resultOf(served.stop());
    }

    /** One that takes the requests for health to be for these nodes; they stand in {@link #requests}. */
    private Bus busAmong(Set<NodeId> nodes) {
        vertx.eventBus().<RoleHealth.Ask>consumer(HEALTH.name(), requests::add);
        return new Bus(vertx, address -> nodes);
    }

    private static void reply(Message<?> request, RoleHealth reply) {
        request.reply(reply, new DeliveryOptions().setCodecName(RecordCodec.nameOf(RoleHealth.class)));
    }

    private static <T> T next(BlockingQueue<T> queue) {
        try {
            return Objects.requireNonNull(queue.poll(10, TimeUnit.SECONDS), "nothing came");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void foreignFailureIsAnInternalError() {
        PosthornException failure = Failures.received("posthorn.x", new IllegalStateException("password=secret"));

        assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(failure.getMessage()).doesNotContain("secret");
    }

    private void assertInternal(Future<?> future) {
        PosthornException failure = refusal(future);
        assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(failure.getMessage()).contains("posthorn.storage.health").doesNotContain("secret");
    }

    @CanIgnoreReturnValue
    private <Q, R> Served serve(Address<Q, R> address, Service<Q, R> service) {
        return resultOf(bus.serve(address, service));
    }

    private static Deadline seconds(int count) {
        return Deadline.after(Duration.ofSeconds(count));
    }

    @CanIgnoreReturnValue
    private static <T> T resultOf(Future<T> future) {
        try {
            return get(future);
        } catch (ExecutionException e) {
            throw new AssertionError("the future failed", e.getCause());
        }
    }

    private static PosthornException refusal(Future<?> future) {
        try {
            throw new AssertionError("should have failed, but gave " + get(future));
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(PosthornException.class);
            return (PosthornException) e.getCause();
        }
    }

    private static <T> T get(Future<T> future) throws ExecutionException {
        try {
            // Shorter than the deadlines above: what says "at once" must not be a timeout.
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("no answer", e);
        }
    }
}
