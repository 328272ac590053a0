package io.posthorn.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.CheckOutcome;
import io.posthorn.contract.EntityDraft;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.MessageDraft;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PayloadDraft;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Problem;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The role on a bus of its own, with a stub of storage beside it. */
class ValidationVerticleTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final OrganizationId ORGANIZATION = OrganizationId.DEFAULT;
    private static final int MAX_WAITING = 3;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final AtomicInteger finds = new AtomicInteger();
    private final AtomicLong now = new AtomicLong(1);
    private volatile @Nullable String stored;
    private volatile @Nullable PosthornException failure;
    private volatile @Nullable Promise<Void> hold;

    @BeforeEach
    void start() throws Exception {
        ValidationConfig config = new ValidationConfig(
                1024 * 1024, 200, false, 256 * 1024, 1024 * 1024, 1, MAX_WAITING, Duration.ofMinutes(1));
        await(bus.serve(Addresses.FIND, (query, deadline) -> find()));
        await(vertx.deployVerticle(
                new ValidationVerticle(config, Duration.ofDays(1), new EventSchemas(config, now::get), bus)));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private Future<StorageQuery.Found> find() {
        finds.incrementAndGet();
        PosthornException failing = failure;
        String schemas = stored;
        if (failing != null) {
            return Future.failedFuture(failing);
        }
        EventType found = new EventType("paid", ORGANIZATION, "", false, false, schemas, null, NOW, NOW, 1);
        Promise<Void> held = hold;
        return (held == null ? Future.<Void>succeededFuture() : held.future()).map(new StorageQuery.Found(found));
    }

    @Test
    void aMessageIsHeldAgainstTheSchemaAsItStandsWhenTheLeaseIsOver() throws Exception {
        // Given
        stored = "{\"1\":{\"required\":[\"a\"]}}";
        assertThat(verdict("{}")).hasSize(1);

        // When
        stored = "{\"1\":{\"required\":[\"b\"]}}";
        now.addAndGet(EventType.LEASE.toNanos());

        // Then
        assertThat(verdict("{\"b\":1}")).isEmpty();
        assertThat(verdict("{\"a\":1}")).hasSize(1);
        assertThat(finds).hasValue(2);
    }

    @Test
    void anEventTypeWithoutASchemaIsAskedForOnceALeaseAndCostsNoRequestMeanwhile() throws Exception {
        // Given
        assertThat(isDue()).isTrue();
        assertThat(verdict("{}")).isEmpty();

        // Then
        for (int i = 0; i < 100; i++) {
            assertThat(isDue()).isFalse();
        }
        assertThat(finds).hasValue(1);
        now.addAndGet(EventType.LEASE.toNanos());
        assertThat(isDue()).isTrue();
    }

    @Test
    void aBusyEventTypeWithoutASchemaIsReadAheadAndNeverBecomesUnknown() throws Exception {
        // Given
        assertThat(verdict("{}")).isEmpty();

        // Then
        for (int i = 1; i <= 10; i++) {
            now.addAndGet(EventType.LEASE.toNanos() * 2 / 3);
            assertThat(isDue()).isFalse();
            int expected = 1 + i;
            Awaitility.await().until(() -> finds.get() == expected && !isDue());
        }
        stored = "{\"1\":true}";
        now.addAndGet(EventType.LEASE.toNanos() * 2 / 3);
        assertThat(isDue()).isFalse();
        Awaitility.await().until(this::isDue);
    }

    @Test
    void anEventTypeThatDoesNotExistHasNoSchema() throws Exception {
        failure = new PosthornException(ErrorCode.NOT_FOUND, "Entity not found");
        assertThat(verdict("{}")).isEmpty();
        assertThat(isDue()).isFalse();
    }

    @Test
    void whileTheEventTypeCannotBeReadNothingIsAccepted() {
        failure = new PosthornException(ErrorCode.STORE_UNAVAILABLE, "no");
        assertThatThrownBy(() -> verdict("{}"))
                .hasCauseInstanceOf(PosthornException.class)
                .hasMessageContaining("no");
    }

    @Test
    void messagesOfOneEventTypeReadItOnceTogether() throws Exception {
        // Given
        Promise<Void> held = Promise.promise();
        hold = held;
        List<Future<PayloadDraft.Verdict>> verdicts = new ArrayList<>();

        // When
        for (int i = 0; i < 50; i++) {
            verdicts.add(ask("{}"));
        }
        vertx.setTimer(50, timer -> held.complete());
        await(Future.all(verdicts));

        // Then
        assertThat(finds).hasValue(1);
    }

    @Test
    void moreThanMayWaitAreRefusedAsOverloaded() throws Exception {
        // Given
        stored = "{\"1\":{\"items\":{\"type\":\"integer\"}}}";
        assertThat(verdict("[]")).isEmpty();
        List<Future<PayloadDraft.Verdict>> verdicts = new ArrayList<>();

        // When
        for (int i = 0; i < 20; i++) {
            verdicts.add(ask("[" + "1,".repeat(100_000) + "1]"));
        }
        await(Future.join(verdicts).otherwiseEmpty());

        // Then
        assertThat(verdicts.stream().filter(Future::succeeded)).hasSizeGreaterThanOrEqualTo(MAX_WAITING);
        assertThat(verdicts.stream().filter(Future::failed))
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one.cause())
                        .isInstanceOfSatisfying(
                                PosthornException.class,
                                known -> assertThat(known.code()).isEqualTo(ErrorCode.OVERLOADED)));
        assertThat(verdict("[]")).isEmpty();
    }

    @Test
    void aPayloadThatTakesTooManyStepsIsRefusedAndOthersAreNot() throws Exception {
        stored =
                "{\"1\":{\"$defs\":{\"n\":{\"items\":{\"allOf\":[{\"$ref\":\"#/$defs/n\"},{\"$ref\":\"#/$defs/n\"}]}}},"
                        + "\"$ref\":\"#/$defs/n\"}}";
        assertThat(verdict("[".repeat(100) + "]".repeat(100)))
                .singleElement()
                .asString()
                .contains("the payload cannot be held against the schema of paid", "steps");
        assertThat(verdict("[[]]")).isEmpty();
    }

    @Test
    void anEventTypeWithASchemaThatCannotBeUsedIsRefused() throws Exception {
        EventType draft =
                new EventType("paid", ORGANIZATION, "", false, false, "{\"1\":{\"type\":7}}", null, NOW, NOW, 0);
        assertThat(await(bus.request(Addresses.CHECK_ENTITY, new EntityDraft(draft), deadline()))
                        .problems())
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.place()).startsWith("body", "schemas", "1", "type"));
    }

    private boolean isDue() throws Exception {
        MessageDraft draft = new MessageDraft(Buffer.buffer("{\"eventType\":\"paid\",\"payload\":{}}"), ORGANIZATION);
        return ((CheckOutcome.Checked)
                        await(bus.request(Addresses.CHECK_MESSAGES, new Batches.Drafts(List.of(draft)), deadline()))
                                .items()
                                .get(0))
                .schemaDue();
    }

    private List<Problem> verdict(String payload) throws Exception {
        return await(ask(payload)).problems();
    }

    private Future<PayloadDraft.Verdict> ask(String payload) {
        return bus.request(
                Addresses.CHECK_PAYLOAD, new PayloadDraft(ORGANIZATION, "paid", Buffer.buffer(payload)), deadline());
    }

    private static Deadline deadline() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
