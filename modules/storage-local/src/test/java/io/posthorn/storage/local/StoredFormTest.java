package io.posthorn.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Entity;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.Secret;
import io.posthorn.contract.Sending;
import io.posthorn.contract.Trigger;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.rows.EntityCodec;
import io.posthorn.storage.rows.RowReader;
import io.posthorn.storage.rows.RowWriter;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pins what data directories of this format hold: a change here needs a new format. */
class StoredFormTest {
    /** An endpoint as it was stored before endpoints had an authentication. */
    private static final String ENDPOINT_BEFORE_AUTHENTICATION =
            "Rb9iaWR4HmVwXzRDQnh5MTUwN01RSFNvMlk2UHAxVWsxM0hMdWthcHBsaWNhdGlvbngfYXBwXzRDQnh5MTVHdHJOcFpCRWJwYzRR"
                    + "N2ZSQXdWNWN1aWRkbWFpbmN1cmx4IWh0dHBzOi8vcmVjZWl2ZXIuZXhhbXBsZS5jb20vaG9va2tkZXNjcmlwdGlvbmtBbiBlbmRw"
                    + "b2ludGx0aHJvdHRsZVJhdGUFaGRpc2FibGVk9GpldmVudFR5cGVzgWNhLmJoY2hhbm5lbHP2aG1ldGFkYXRhv/9naGVhZGVyc79o"
                    + "eC10ZW5hbnRnZXhhbXBsZf9nc2VjcmV0c4G/Y2tleXgmd2hzZWNfTWZLUTlyOEdLWXFyVHdqVVBEOElMUFpJbzJMYUxhU3dpZXhw"
                    + "aXJlc0F09v9nc2VuZGluZ79rcmV0cnlQb2xpY3n2Zm1heEFnZfZtZmluYWxTdGF0dXNlc4EZAZRndGltZW91dMSCKBsAAAABKgXy"
                    + "AGttYXhJbkZsaWdodPZodGhyb3R0bGX2/2xmYWlsaW5nU2luY2X2aWNyZWF0ZWRBdMSCKBsaRugzNdUAAGl1cGRhdGVkQXTEgigb"
                    + "GkboMzXVAABndmVyc2lvbgP/";

    @Test
    void enumsKeepTheirOrder() {
        assertThat(QueueClass.values()).extracting(Enum::name).containsExactly("FIRST", "RETRY");
        assertThat(Trigger.values()).extracting(Enum::name).containsExactly("SCHEDULED", "MANUAL");
        assertThat(DeliveryState.values())
                .extracting(Enum::name)
                .containsExactly("WAITING", "IN_FLIGHT", "SUCCEEDED", "FAILED", "CANCELLED");
        assertThat(WaitCause.values())
                .extracting(Enum::name)
                .containsExactly(
                        "READY",
                        "DUE_LATER",
                        "RATE_LIMITED",
                        "CIRCUIT_OPEN",
                        "RECEIVER_BUSY",
                        "ENDPOINT_DISABLED",
                        "CONCURRENCY_FULL",
                        "IN_FLIGHT");
    }

    @Test
    void ledgersOfTheFirstFormatAreRead() {
        // Given
        ApplicationId application = ApplicationId.at(0);
        byte[] row = new RowWriter((byte) 1)
                .id(application.value())
                .number(9)
                .number(3)
                .number(2)
                .number(1)
                .number(1_700_000_000_000L)
                .number(4)
                .number(5)
                .number(1)
                .bytes();

        // When
        Ledger ledger = Ledger.decode(row);

        // Then
        Ledger expected = new Ledger(
                application, 9, 3, 2, 1, 1_700_000_000_000L, WaitCause.RECEIVER_BUSY, 5, true, Ledger.Gone.NONE, null);
        assertThat(ledger).isEqualTo(expected);
        Ledger counted = ledger.withGone(DeliveryState.FAILED).withGone(DeliveryState.CANCELLED);
        assertThat(Ledger.decode(counted.encode())).isEqualTo(counted);
        assertThat(counted.gone()).isEqualTo(new Ledger.Gone(0, 1, 1));
    }

    @Test
    void endpointsWithoutTlsOptionsAreRead() throws Exception {
        // Given: the row of a version that did not have them, which is one without that field
        Endpoint endpoint =
                new Fixtures(new ManualClock()).endpoint(ApplicationId.at(0)).build();
        String row = new String(EntityCodec.encode(endpoint), StandardCharsets.ISO_8859_1);
        String field = "ctls\u00f6";
        assertThat(row).containsOnlyOnce(field);

        // When
        Entity read = EntityCodec.decode(row.replace(field, "").getBytes(StandardCharsets.ISO_8859_1));

        // Then
        assertThat(read).isEqualTo(endpoint);
    }

    @Test
    void leasesOfTheFirstFormatAreRead() {
        // Given
        ApplicationId application = ApplicationId.at(0);
        EndpointId endpoint = EndpointId.at(0);
        MessageId message = MessageId.at(0);
        byte[] row = new RowWriter((byte) 1)
                .text("node-1")
                .number(1_700_000_000_000L)
                .number(1)
                .id(application.value())
                .id(endpoint.value())
                .id(message.value())
                .number(1)
                .number(5)
                .block(new byte[] {0, 3, 0})
                .bytes();

        // When
        Lease lease = Lease.decode(9, row);

        // Then
        QueueEntry entry = new QueueEntry(QueueClass.RETRY, 5, message, 3, Trigger.SCHEDULED);
        assertThat(lease.node()).isEqualTo(new NodeId("node-1"));
        assertThat(lease.until()).isEqualTo(1_700_000_000_000L);
        assertThat(lease.since()).isZero();
        assertThat(lease.deliveries())
                .containsExactly(new Lease.Held(new DeliveryKey(application, endpoint, message), entry));
        Lease now = new Lease(9, new NodeId("node-1"), 7, 8);
        now.add(lease.deliveries().get(0));
        assertThat(Lease.decode(9, now.encode()).since()).isEqualTo(7);
        assertThat(Lease.decode(9, now.encode()).deliveries()).isEqualTo(lease.deliveries());
    }

    @Test
    void endpointsOfBeforeTheyHadAnAuthenticationAreRead() throws IOException {
        // When
        Endpoint endpoint = (Endpoint) EntityCodec.decode(Base64.getDecoder().decode(ENDPOINT_BEFORE_AUTHENTICATION));

        // Then
        assertThat(endpoint.uid()).isEqualTo("main");
        assertThat(endpoint.sending())
                .isEqualTo(
                        Sending.AS_CONFIGURED.withTimeout(Duration.ofSeconds(5)).withFinalStatuses(Set.of(404)));
        assertThat(EntityCodec.decode(EntityCodec.encode(endpoint))).isEqualTo(endpoint);
    }

    @Test
    void authenticationsOfEndpointsComeBack() throws IOException {
        // Given
        Endpoint plain = (Endpoint) EntityCodec.decode(Base64.getDecoder().decode(ENDPOINT_BEFORE_AUTHENTICATION));
        List<EndpointAuth> all = List.of(
                new EndpointAuth.Basic("user", new Secret("pass")),
                new EndpointAuth.Bearer(new Secret("token")),
                new EndpointAuth.OAuth2(
                        "https://id.example.com/token",
                        "client",
                        new Secret("secret"),
                        List.of("b", "a"),
                        "urn:api",
                        Map.of("resource", new Secret("r")),
                        EndpointAuth.ClientAuthentication.BODY));

        for (EndpointAuth auth : all) {
            // When
            Endpoint endpoint = plain.withSending(plain.sending().withAuthentication(auth), plain.updatedAt());
            byte[] row = EntityCodec.encode(endpoint);

            // Then: the names of the kinds are part of the form
            String kind = auth.getClass().getSimpleName().toLowerCase(Locale.ROOT);
            assertThat(EntityCodec.decode(row)).isEqualTo(endpoint);
            assertThat(new String(row, StandardCharsets.ISO_8859_1)).contains("dkind", kind);
        }
    }

    @Test
    void expiryIndexKeepsItsForm() {
        // Given
        String owner = "2".repeat(Keys.ID);
        ExpiryIndex.Bucket bucket = new ExpiryIndex.Bucket(ExpiryIndex.Kind.RECORDS, 0x01020304, owner, 7);

        // When
        byte[] key = bucket.key();

        // Then
        assertThat(ExpiryIndex.Kind.values()).extracting(Enum::name).containsExactly("ATTEMPTS", "CONTENTS", "RECORDS");
        assertThat(key).hasSize(36).startsWith(2, 1, 2, 3, 4, '2').endsWith('2', 0, 0, 0, 7);
        assertThat(ExpiryIndex.Bucket.of(key)).isEqualTo(bucket);
    }

    @Test
    void numbersAndTextsOfAnyLengthComeBack() {
        // Given
        RowWriter out = new RowWriter((byte) 7);
        String longText = "ü".repeat(5_000);

        // When
        byte[] row = out.number(0)
                .number(127)
                .number(128)
                .number(Long.MAX_VALUE)
                .number(-1)
                .text("")
                .text(longText)
                .block(new byte[300])
                .bytes();

        // Then
        RowReader in = new RowReader(row);
        assertThat(in.version()).isEqualTo((byte) 7);
        assertThat(in.number()).isZero();
        assertThat(in.number()).isEqualTo(127);
        assertThat(in.number()).isEqualTo(128);
        assertThat(in.number()).isEqualTo(Long.MAX_VALUE);
        assertThat(in.number()).isEqualTo(-1);
        assertThat(in.text()).isEmpty();
        assertThat(in.text()).isEqualTo(longText);
        assertThat(in.block()).hasSize(300);
    }

    @Test
    void keyAfterAPrefixIsAboveAllThatBeginWithIt() {
        assertThat(Keys.after(new byte[] {1, (byte) 0xff})).containsExactly(2);
        assertThat(Keys.after(new byte[] {1, 2})).containsExactly(1, 3);
    }
}
