package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.EgressConfig;
import io.posthorn.testkit.Futures;
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
    private StubZone zone;
    private RawReceiver receiver;

    @BeforeEach
    void startReceiver() {
        zone = Futures.resultOf(StubZone.start(dispatcher.vertx));
        receiver = dispatcher.receiver(new NetServerOptions(), (number, socket) -> socket.write(OK));
    }

    @AfterEach
    void close() {
        dispatcher.close();
    }

    private EgressConfig open(String... networks) {
        return Samples.egress(List.of(networks), zone.address());
    }

    @Test
    void followsAliases() {
        // Given
        zone.aliases.put(NAME, "alias.example.net");
        zone.aliases.put("alias.example.net", "host.example.net");
        zone.addresses.put("host.example.net", List.of("127.0.0.1"));
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
        zone.aliases.put(NAME, "alias.example.net");
        zone.aliases.put("alias.example.net", NAME);
        dispatcher.start(open("127.0.0.0/8"));

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("name look-up failed");
    }

    @Test
    void asksOnceMoreWhenNobodyAnswers() {
        // Given
        zone.addresses.put(NAME, List.of("127.0.0.1"));
        zone.loseNext(2);
        dispatcher.start(open("127.0.0.0/8"));

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("ok");
    }

    @Test
    void failsWhereAFamilyIsNotAnswered() {
        // Given
        zone.addresses.put(NAME, List.of("127.0.0.1"));
        zone.failsForIpv6 = true;
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
        zone.addresses.put(NAME, List.of("127.0.0.1", "fd00::1"));
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
        zone.addresses.put(NAME, List.of("::1", DEAF, "127.0.0.1"));
        dispatcher.start(open("127.0.0.0/8", "::1/128"));

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("ok");
    }

    @Test
    void anAddressThatSwallowsPacketsLeavesTimeForTheOthersAndGoesBehindThem() throws Exception {
        // Given
        zone.addresses.put(NAME, List.of(DEAF, "127.0.0.1"));
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
        zone.addresses.put(NAME, List.of("::1", DEAF));
        dispatcher.start(open("127.0.0.0/8", "::1/128"));

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("connection refused");
    }

    @Test
    void connectsToWhatWasCheckedWhateverTheNameIsAfterwards() {
        // Given: a name that is good when it is checked, and private when anybody asks again
        zone.addresses.put(NAME, List.of("127.0.0.1"));
        dispatcher.start(open("127.0.0.1/32"));
        dispatcher.deliver(receiver.url("http", NAME));
        assertThat(dispatcher.response(1)).isEqualTo("ok");
        int questions = zone.asked.size();

        // When
        zone.addresses.put(NAME, List.of("10.0.0.1"));
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(2)).isEqualTo("ok");
        assertThat(zone.asked).hasSize(questions).containsOnly(NAME + " 1", NAME + " 28");
    }

    @Test
    void namesThatAreNotThereAreRememberedToo() {
        // Given
        dispatcher.start(open("127.0.0.0/8"));
        dispatcher.deliver(receiver.url("http", NAME));
        assertThat(dispatcher.response(1)).isEqualTo("name not found");
        int questions = zone.asked.size();

        // When
        dispatcher.deliver(receiver.url("http", NAME));

        // Then
        assertThat(dispatcher.response(2)).isEqualTo("name not found");
        assertThat(zone.asked).hasSize(questions);
    }
}
