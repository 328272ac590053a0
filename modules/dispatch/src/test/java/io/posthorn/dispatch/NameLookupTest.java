package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Attempt;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ScriptedNameServer;
import io.posthorn.testkit.ScriptedNameServer.Script;
import io.vertx.core.net.NetServerOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a name server says, however it lies, leads to the checked address or nowhere. */
class NameLookupTest {
    private static final String BLOCKED = "target address is not allowed";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final Dispatching dispatching = new Dispatching();
    private ScriptedNameServer names;
    private RawReceiver receiver;

    @BeforeEach
    void start() {
        names = Futures.resultOf(ScriptedNameServer.start(dispatching.vertx));
        receiver = Futures.resultOf(
                RawReceiver.start(dispatching.vertx, new NetServerOptions(), (number, socket) -> socket.write(OK)));
    }

    @AfterEach
    void close() {
        dispatching.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "::1",
                "::ffff:127.0.0.1",
                "64:ff9b::127.0.0.1",
                "fe80::1",
                "2002:7f00:1::"
            })
    void aliasOfAPrivateAddressIsNotDialled(String address) {
        // Given
        names.name("hooks.example.com", new Script.Alias("inner.example.com")).name("inner.example.com", address);
        deploy();

        // When
        Attempt attempt = dispatching.attempt(receiver.url("http", "hooks.example.com"));

        // Then
        assertThat(attempt.response()).isIn(BLOCKED, "name not found");
        assertThat(attempt.statusCode()).isZero();
        assertThat(receiver.connections).hasValue(0);
    }

    @Test
    void aliasesInACircleEnd() {
        // Given
        names.name("a.example.com", new Script.Alias("b.example.com"))
                .name("b.example.com", new Script.Alias("a.example.com"));
        deploy();

        // When
        Attempt attempt = dispatching.attempt(receiver.url("http", "a.example.com"));

        // Then
        assertThat(attempt.response()).isIn("name not found", "name look-up failed");
        assertThat(names.asked("a.example.com", ScriptedNameServer.A)).isLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "::ffff:10.0.0.1", "fd00::1", "169.254.169.254", "0.0.0.0", "::"})
    void oneDeniedAnswerAmongPublicOnesBlocksTheName(String denied) {
        // Given
        names.name("mixed.example.com", "8.8.8.8", "2606:4700::1111", denied);
        deploy();

        // When
        Attempt attempt = dispatching.attempt(receiver.url("http", "mixed.example.com"));

        // Then
        assertThat(attempt.response()).isEqualTo(BLOCKED);
        assertThat(receiver.connections).hasValue(0);
    }

    @Test
    void dialsWhatWasCheckedThoughTheNameHasChangedSince() {
        // Given: only 127.0.0.1 is open; every look-up after the first says 127.0.0.2, where somebody listens too
        names.name(
                "rebinds.example.com",
                new Script.Addresses(List.of("127.0.0.1")),
                new Script.Addresses(List.of("127.0.0.2")));
        deploy("127.0.0.1/32");

        // When
        Attempt attempt = dispatching.attempt(receiver.url("http", "rebinds.example.com"));

        // Then
        assertThat(attempt.response()).isEqualTo("ok");
        assertThat(names.asked("rebinds.example.com", ScriptedNameServer.A)).isEqualTo(1);
        assertThat(names.asked("rebinds.example.com", ScriptedNameServer.AAAA)).isEqualTo(1);
    }

    @Test
    void familyThatIsNotAnsweredIsNotTakenForEmpty() {
        // Given
        names.name("half.example.com", new Script.Failure()).name("mute.example.com", new Script.Silence());
        deploy("127.0.0.0/8");

        // Then
        assertThat(dispatching.attempt(receiver.url("http", "half.example.com")).response())
                .isEqualTo("name look-up failed");
        assertThat(dispatching.attempt(receiver.url("http", "mute.example.com")).response())
                .isEqualTo("name look-up failed");
        assertThat(dispatching
                        .attempt(receiver.url("http", "absent.example.com"))
                        .response())
                .isEqualTo("name not found");
    }

    private void deploy(String... open) {
        dispatching.deploy(
                Samples.config(Duration.ofSeconds(10), Duration.ofSeconds(1), null),
                Samples.egress(List.of(open), names.address()));
    }
}
