package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.contract.Attempt;
import io.posthorn.contract.TlsOptions;
import io.posthorn.testkit.FrameReceiver;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.HostileFrames;
import io.posthorn.testkit.ScriptedNameServer;
import io.vertx.core.net.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Receivers that misuse HTTP/2: every attempt ends in time with a reason, and no connection outlives what it is good for. */
class HostileFramesTest {
    private static final Duration DEADLINE = Duration.ofMillis(1500);
    private static final String NAME = "receiver.example.com";
    private static final int ATTEMPTS = 6;

    /** What was answered before the harm was done counts, where the attempt is alone on its connection. */
    private static final Set<HostileFrames> SUCCEED_ALONE = EnumSet.of(
            HostileFrames.GOES_AWAY_AFTER_THE_ANSWER,
            HostileFrames.STORM_AFTER_THE_ANSWER,
            HostileFrames.BODY_AFTER_THE_ANSWER);

    /** Depends on whether as much of the body as is kept is read before the window is found to be exceeded. */
    private static final Set<HostileFrames> SUCCEED_OR_NOT = EnumSet.of(HostileFrames.ENDLESS_BODY);

    private static final Set<String> REASONS = Set.of(
            "timeout after 1500 ms",
            "connection timed out",
            "connection closed before the end of the answer",
            "the answer is not HTTP");

    /** A stream that went wrong says nothing of its connection. */
    private static final Set<HostileFrames> KEEP_THE_CONNECTION = EnumSet.of(
            HostileFrames.RESETS,
            HostileFrames.RESETS_WITHIN_THE_BODY,
            HostileFrames.ANSWERS_WITHOUT_A_STATUS,
            HostileFrames.PACKED_HEADERS,
            HostileFrames.TAKES_NO_BODY,
            HostileFrames.SAYS_NOTHING);

    private static SelfSignedCertificate certificate;
    private static TlsOptions trusting;
    private static DispatcherFixture dispatcher;
    private static int settled;

    @BeforeAll
    static void start() throws Exception {
        certificate = SelfSignedCertificate.create(NAME);
        trusting = new TlsOptions(null, Files.readString(Path.of(certificate.certificatePath())), null);
        dispatcher = new DispatcherFixture();
        ScriptedNameServer names = Futures.resultOf(ScriptedNameServer.start(dispatcher.vertx));
        names.name(NAME, "127.0.0.1");
        dispatcher.start(
                Samples.egress(List.of("127.0.0.1/32"), names.address(), null, true, Duration.ofMinutes(5)), DEADLINE);
    }

    @AfterAll
    static void close() {
        dispatcher.close();
        certificate.delete();
    }

    @ParameterizedTest
    @EnumSource
    void endsInTimeAndLeavesNoConnectionBehind(HostileFrames behaviour) {
        // Given
        FrameReceiver receiver =
                Futures.resultOf(FrameReceiver.start(dispatcher.vertx, certificate.keyCertOptions(), behaviour));

        // When
        Attempt first = attempt(receiver);
        for (int i = 1; i < ATTEMPTS; i++) {
            dispatcher.deliver(receiver.url(NAME), trusting);
        }
        settled += ATTEMPTS - 1;
        Attempt last = dispatcher.settled(settled).attempt();

        // Then
        assertEndedWell(first);
        assertEndedWell(last);
        if (!SUCCEED_OR_NOT.contains(behaviour)) {
            assertThat(first.succeeded()).as(first.response()).isEqualTo(SUCCEED_ALONE.contains(behaviour));
        }
        if (!SUCCEED_OR_NOT.contains(behaviour) && !SUCCEED_ALONE.contains(behaviour)) {
            assertThat(last.succeeded()).as(last.response()).isFalse();
        }
        int kept = KEEP_THE_CONNECTION.contains(behaviour) ? 1 : 0;
        await().atMost(DEADLINE.multipliedBy(4))
                .untilAsserted(() -> assertThat(receiver.open())
                        .as("connections open of %d made", receiver.connections())
                        .isLessThanOrEqualTo(kept));
    }

    private static void assertEndedWell(Attempt attempt) {
        assertThat(attempt.duration()).isLessThan(DEADLINE.multipliedBy(2));
        if (!attempt.succeeded()) {
            assertThat(attempt.response()).isIn(REASONS);
        }
    }

    private static Attempt attempt(FrameReceiver receiver) {
        dispatcher.deliver(receiver.url(NAME), trusting);
        settled++;
        return dispatcher.settled(settled).attempt();
    }
}
