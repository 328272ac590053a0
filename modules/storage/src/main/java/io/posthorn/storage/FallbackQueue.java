package io.posthorn.storage;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.storage.api.ClaimAnswer;
import io.posthorn.storage.api.StorageEngine;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Appends, claims and settlements of a {@link FallbackEngine}: what must not get lost or doubled on a change-over. */
final class FallbackQueue {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final PrimaryStore primary;
    private final SpareStore spare;
    private final KeptResults kept;
    private final InstantSource clock;
    private final RecentRequests recent = new RecentRequests();

    FallbackQueue(PrimaryStore primary, SpareStore spare, KeptResults kept, InstantSource clock) {
        this.primary = primary;
        this.spare = spare;
        this.kept = kept;
        this.clock = clock;
    }

    Future<List<AppendOutcome>> append(List<NewMessage> messages, Phase phase) {
        return switch (phase.routes().appends()) {
            case NOWHERE -> unavailable();
            case SPARE -> appendToSpare(messages);
            case PRIMARY ->
                phase instanceof Phase.OnPrimary ? appendToPrimary(messages) : appendReturning(messages, phase);
        };
    }

    Future<ClaimAnswer> claim(ClaimRequest request, Phase phase) {
        return switch (phase.routes().claims()) {
            case NOWHERE ->
                Future.succeededFuture(
                        new ClaimAnswer(List.of(), clock.instant().plus(LOOK_AGAIN)));
            case PRIMARY -> primary(engine -> engine.claim(request));
            case SPARE ->
                spare.gate()
                        .through(() -> {
                            spare.leased(clock.instant().plus(request.lease()));
                            return spare.engine().claim(request);
                        })
                        .map(answer -> new ClaimAnswer(
                                answer.deliveries().stream()
                                        .map(SpareFence::marked)
                                        .toList(),
                                answer.nextAt()));
        };
    }

    /** In both stores: each may have handed out what the node held. */
    Future<Void> releaseLeases(NodeId node, Phase phase) {
        Future<Void> inSpare = phase.routes().spareResults() == Route.SPARE
                ? spare.gate().through(() -> spare.engine().releaseLeases(node))
                : Future.succeededFuture();
        Future<Void> inPrimary = phase.routes().primaryResults() == Route.PRIMARY
                ? primary(engine -> engine.releaseLeases(node))
                : Future.succeededFuture();
        return Future.join(inSpare, inPrimary).mapEmpty();
    }

    Future<List<SettleOutcome>> settle(List<Settlement> settlements, Phase phase) {
        Split<Settlement> byOrigin = new Split<>(settlements, SpareFence::isOf);
        return byOrigin.send(results -> settleSpare(results, phase), results -> settlePrimary(results, phase));
    }

    private Future<List<SettleOutcome>> settleSpare(List<Settlement> results, Phase phase) {
        return switch (phase.routes().spareResults()) {
            case SPARE ->
                spare.gate()
                        .through(() -> spare.engine()
                                .settle(results.stream()
                                        .map(SpareFence::unmarked)
                                        .toList()));
            // The primary has their deliveries, and never handed them out: it records the attempts.
            case PRIMARY -> primary(engine -> engine.settle(late(results)));
            case NOWHERE -> phase instanceof Phase.HalfMoved ? kept.keep(late(results)) : unavailable();
        };
    }

    private Future<List<SettleOutcome>> settlePrimary(List<Settlement> results, Phase phase) {
        return switch (phase.routes().primaryResults()) {
            case PRIMARY -> primary(engine -> engine.settle(results));
            case SPARE, NOWHERE -> phase instanceof Phase.Shut ? unavailable() : kept.keep(results);
        };
    }

    private static List<Settlement> late(List<Settlement> results) {
        return results.stream().map(SpareFence::late).toList();
    }

    private Future<List<AppendOutcome>> appendToPrimary(List<NewMessage> messages) {
        recent.sent(messages);
        return primary(engine -> engine.append(messages)).onSuccess(outcomes -> recent.answered(messages, outcomes));
    }

    /**
     * Repeats of what the primary answered through this node lately get that answer, the others go to the spare. Events
     * of applications that are unknown to it are refused for now: the primary may know them.
     */
    private Future<List<AppendOutcome>> appendToSpare(List<NewMessage> messages) {
        messages.forEach(spare.known()::add);
        Split<NewMessage> answered = new Split<>(messages, message -> recent.answerTo(message) != null);
        return answered.send(this::answers, this::storeInSpare);
    }

    private Future<List<AppendOutcome>> storeInSpare(List<NewMessage> messages) {
        List<NewMessage> sent = messages.stream().map(recent::underFormerId).toList();
        return spare.gate()
                .through(() -> spare.engine().append(sent))
                .onSuccess(outcomes -> recent.answered(sent, outcomes))
                .map(outcomes -> outcomes.stream().map(FallbackQueue::ofSpare).toList());
    }

    private static AppendOutcome ofSpare(AppendOutcome outcome) {
        return outcome instanceof AppendOutcome.NoSuchApplication ? new AppendOutcome.NotNow() : outcome;
    }

    private Future<List<AppendOutcome>> answers(List<NewMessage> messages) {
        List<AppendOutcome> outcomes = new ArrayList<>(messages.size());
        for (NewMessage message : messages) {
            AppendOutcome outcome = recent.answerTo(message);
            if (outcome == null) {
                return unavailable();
            }
            outcomes.add(outcome);
        }
        return Future.succeededFuture(outcomes);
    }

    /**
     * The primary takes everything but repeats of what the spare accepted. Those the spare answers as long as it may
     * change; then they fail, until the primary has what they repeat.
     */
    private Future<List<AppendOutcome>> appendReturning(List<NewMessage> messages, Phase phase) {
        Split<NewMessage> repeats = new Split<>(messages, spare.known()::mayHave);
        if (!repeats.anyFirst()) {
            return appendToPrimary(messages);
        }
        return phase instanceof Phase.Draining
                ? repeats.send(this::appendToSpare, this::appendToPrimary)
                : unavailable();
    }

    /** A call to the primary; fails with STORE_UNAVAILABLE while it was never open. */
    private <T> Future<T> primary(java.util.function.Function<StorageEngine, Future<T>> call) {
        StorageEngine open = primary.engine();
        return open == null ? unavailable() : call.apply(open);
    }

    static <T> Future<T> unavailable() {
        return Future.failedFuture(
                new PosthornException(ErrorCode.STORE_UNAVAILABLE, "the shared store cannot be used now"));
    }
}
