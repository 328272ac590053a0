package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.EgressConfig;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ScriptedNameServer;
import io.posthorn.testkit.ScriptedNameServer.Script;
import io.vertx.core.net.NetServerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How attempts get from a name to a connection. */
class NamesAndAddressesTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String NAME = "receiver.example.com";

    private static final String DEAF = "127.0.0.9";

    private final DispatcherFixture dispatcher = new DispatcherFixture();
    private ScriptedNameServer names;
    private RawReceiver receiver;

    @BeforeEach
    void startReceiver() {
        names = Futures.resultOf(ScriptedNameServer.start(dispatcher.vertx));
        receiver = dispatcher.receiver(new NetServerOptions(), (number, socket) -> socket.write(OK));
    }

    @AfterEach
    void close() {
        dispatcher.close();
    }

    private EgressConfig open(String... networks) {
        return Samples.egress(List.of(networks), names.address());
    }

    @Test
    void followsAliases() {
        // Given
        names.name(NAME, new Script.Alias("alias.example.net"));
        names.name("alias.example.net", new Script.Alias("host.example.net"));
        names.name("host.example.net", "127.0.0.1");
        dispatcher.start(open("127.0.0.0/8"));

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("ok");
        assertThat(receiver.requests.get(0)).containsIgnoringCase("host: " + NAME);
    }

    @Test
    void aRoundOfAliasesEnds() {
        // Given
        names.name(NAME, new Script.Alias("alias.example.net"));
        names.name("alias.example.net", new Script.Alias(NAME));
        dispatcher.start(open("127.0.0.0/8"));

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("name look-up failed");
    }

    @Test
    void asksOnceMoreWhenNobodyAnswers() {
        // Given
        names.name(NAME, new Script.Silence(), new Script.Addresses(List.of("127.0.0.1")));
        dispatcher.start(open("127.0.0.0/8"));

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("ok");
    }

    @Test
    void failsWhereAFamilyIsNotAnswered() {
        // Given
        Script addresses = new Script.Addresses(List.of("127.0.0.1"));
        names.name(NAME, new Script.ByFamily(addresses, new Script.Failure()));
        dispatcher.start(open("127.0.0.0/8"));

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("name look-up failed");
        assertThat(receiver.connections).hasValue(0);
    }

    @Test
    void oneDeniedAddressOfTheOtherFamilyDeniesTheName() {
        // Given
        names.name(NAME, "127.0.0.1", "fd00::1");
        dispatcher.start(open("127.0.0.0/8"));

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("target address is not allowed");
        assertThat(receiver.connections).hasValue(0);
    }

    @Test
    void fallsBackToTheOtherFamily() {
        // Given: nobody listens at the IPv6 address, nor at the second IPv4 address
        names.name(NAME, "::1", DEAF, "127.0.0.1");
        dispatcher.start(open("127.0.0.0/8", "::1/128"));

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("ok");
    }

    @Test
    void anAddressThatSwallowsPacketsLeavesTimeForTheOthersAndGoesBehindThem() throws Exception {
        // Given
        names.name(NAME, DEAF, "127.0.0.1");
        dispatcher.start(open("127.0.0.0/8"), Duration.ofMillis(1500));

        try (ServerSocket deaf = new ServerSocket()) {
            deaf.bind(new InetSocketAddress(DEAF, receiver.port()), 1);
            List<Socket> queue = fill(deaf);

            // When
            dispatcher.deliver(receiver.url("http", NAME));

            // Then
            assertThat(dispatcher.response(1)).isEqualTo("ok");
            assertThat(dispatcher.settled(1).attempt().duration()).isGreaterThan(Duration.ofMillis(400));
            dispatcher.deliver(receiver.url("http", NAME));
            assertThat(dispatcher.response(2)).isEqualTo("ok");
            assertThat(dispatcher.settled(2).attempt().duration()).isLessThan(Duration.ofMillis(400));
            for (Socket one : queue) {
                one.close();
            }
        }
    }

    /** Nobody takes its connections, and when as many wait as may, the packets of further ones are dropped. */
    private static List<Socket> fill(ServerSocket deaf) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        while (true) {
            Socket next = new Socket();
            waiting.add(next);
            try {
                next.connect(deaf.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException full) {
                return waiting;
            }
        }
    }

    @Test
    void tellsOfTheFirstAddressWhenNoneCanBeConnectedTo() {
        // Given
        names.name(NAME, "::1", DEAF);
        dispatcher.start(open("127.0.0.0/8", "::1/128"));

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("connection refused");
    }

    @Test
    void connectsToWhatWasCheckedWhateverTheNameIsAfterwards() {
        // Given: a name that is good when it is checked, and private when anybody asks again
        names.name(NAME, "127.0.0.1");
        dispatcher.start(open("127.0.0.1/32"));
        dispatcher.deliver(receiver.url("http", NAME));
        assertThat(dispatcher.response(1)).isEqualTo("ok");
        int questions = names.asked();

        // When
        names.name(NAME, "10.0.0.1");
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(2)).isEqualTo("ok");
        assertThat(names.asked()).isEqualTo(questions);
        assertThat(names.asked(NAME, ScriptedNameServer.A) + names.asked(NAME, ScriptedNameServer.AAAA))
                .isEqualTo(questions);
    }

    @Test
    void namesThatAreNotThereAreRememberedToo() {
        // Given
        dispatcher.start(open("127.0.0.0/8"));
        dispatcher.deliver(receiver.url("http", NAME));
        assertThat(dispatcher.response(1)).isEqualTo("name not found");
        int questions = names.asked();

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(2)).isEqualTo("name not found");
        assertThat(names.asked()).isEqualTo(questions);
    }
}
