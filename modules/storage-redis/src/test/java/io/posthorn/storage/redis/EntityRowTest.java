package io.posthorn.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.Secret;
import io.posthorn.contract.Sending;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pins what entities in Redis look like. */
class EntityRowTest {
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
    void endpointsOfBeforeTheyHadAnAuthenticationAreRead() {
        // When
        Endpoint endpoint = old();

        // Then
        assertThat(endpoint.version()).isEqualTo(3);
        assertThat(endpoint.sending())
                .isEqualTo(
                        Sending.AS_CONFIGURED.withTimeout(Duration.ofSeconds(5)).withFinalStatuses(Set.of(404)));
        assertThat(new String(EntityRow.encode(endpoint), StandardCharsets.ISO_8859_1))
                .startsWith("3 4 main E");
        assertThat(EntityRow.decode(EntityRow.encode(endpoint))).isEqualTo(endpoint);
    }

    @Test
    void authenticationsOfEndpointsComeBack() {
        // Given
        Endpoint plain = old();
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

            // Then
            assertThat(EntityRow.decode(EntityRow.encode(endpoint))).isEqualTo(endpoint);
        }
    }

    private static Endpoint old() {
        byte[] head = "3 4 main ".getBytes(StandardCharsets.US_ASCII);
        byte[] record = Base64.getDecoder().decode(ENDPOINT_BEFORE_AUTHENTICATION);
        byte[] row = new byte[head.length + record.length];
        System.arraycopy(head, 0, row, 0, head.length);
        System.arraycopy(record, 0, row, head.length, record.length);
        return (Endpoint) EntityRow.decode(row);
    }
}
