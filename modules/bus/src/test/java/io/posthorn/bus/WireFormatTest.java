package io.posthorn.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.posthorn.contract.Address;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.Claimed;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageDraft;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Requests;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireFormatTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00.123456789Z");

    /** Everything that any address takes or answers. */
    static Stream<Class<?>> wireTypes() throws IllegalAccessException {
        Set<Class<?>> types = new LinkedHashSet<>();
        types.add(RoleHealth.Ask.class);
        types.add(RoleHealth.class);
        for (Field field : Addresses.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof Address<?, ?> address) {
                types.add(address.requestType());
                types.add(address.replyType());
            }
        }
        assertThat(types).hasSizeGreaterThan(30);
        return types.stream();
    }

    @ParameterizedTest
    @MethodSource("wireTypes")
    void everyRequestAndReplyComesBackEqual(Class<?> type) {
        for (int round = 0; round < 12; round++) {
            List<Object> samples = new ArrayList<>();
            RecordSamples maker = new RecordSamples();
            for (int i = 0; i <= round; i++) {
                samples = maker.of(type);
            }
            for (Object sample : samples) {
                Object back = WireFormat.decode(type, WireFormat.encode(type, sample));

                assertThat(back).isEqualTo(sample).hasSameClassAs(sample);
            }
        }
    }

    @Test
    void aCaseOfASealedTypeMayBeNamedByItsOwnClass() {
        AppendOutcome.EventIdTaken taken = new AppendOutcome.EventIdTaken("evt-1");

        assertThat(WireFormat.decode(AppendOutcome.class, WireFormat.encode(AppendOutcome.EventIdTaken.class, taken)))
                .isEqualTo(taken);
    }

    @Test
    void emptyCasesComeBack() {
        assertThat(roundTrip(SaveOutcome.class, new SaveOutcome.Stale())).isEqualTo(new SaveOutcome.Stale());
        assertThat(roundTrip(Requests.Done.class, new Requests.Done())).isEqualTo(new Requests.Done());
        assertThat(roundTrip(Settlement.Verdict.class, new Settlement.Verdict.Succeeded()))
                .isEqualTo(new Settlement.Verdict.Succeeded());
    }

    @Test
    void nullsComeBackAsNulls() {
        Application app = application();
        StorageQuery.Messages query = new StorageQuery.Messages(
                app.id(), null, null, null, null, false, new PageRequest(1, null, false, false));

        assertThat(roundTrip(Entity.class, app)).isEqualTo(app);
        assertThat(roundTrip(StorageQuery.Messages.class, query)).isEqualTo(query);
    }

    @Test
    void payloadBytesAreExact() {
        Random random = new Random(7);
        for (int size : new int[] {0, 1, 23, 24, 255, 256, 65_536, 300_000}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            MessageDraft draft = new MessageDraft(Buffer.buffer(bytes), null);

            MessageDraft back = roundTrip(MessageDraft.class, draft);

            assertThat(back.body().getBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void aSliceOfABufferIsSentAsTheSlice() {
        Buffer slice = Buffer.buffer("{\"payload\": 1.0}").slice(12, 15);

        assertThat(roundTrip(MessageDraft.class, new MessageDraft(slice, null))
                        .body()
                        .toString())
                .isEqualTo("1.0");
    }

    @Test
    void timesKeepTheirNanoseconds() {
        ClaimRequest request =
                new ClaimRequest(new NodeId("n"), 1, Duration.ofSeconds(30, 999_999_999), Duration.ofNanos(1));
        Message message = new Message(
                MessageId.at(NOW.toEpochMilli()),
                application().id(),
                "a",
                null,
                Set.of(),
                NOW,
                Instant.parse("9999-12-31T23:59:59.999999999Z"),
                null);

        assertThat(roundTrip(ClaimRequest.class, request)).isEqualTo(request);
        assertThat(roundTrip(Message.class, message)).isEqualTo(message);
        for (Instant instant : List.of(
                Instant.EPOCH.minusNanos(1),
                Instant.parse("1969-12-31T23:59:58.000000001Z"),
                Instant.parse("2262-04-11T23:47:14.999999999Z"),
                Instant.parse("2262-04-11T23:47:16.854775808Z"),
                Instant.MIN,
                Instant.MAX)) {
            assertThat(roundTrip(Instant.class, instant)).isEqualTo(instant);
        }
        for (Duration duration : List.of(
                Duration.ofNanos(-1),
                Duration.ofSeconds(-3, 7),
                Duration.ofDays(365_000),
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ofSeconds(Long.MAX_VALUE, 999_999_999))) {
            assertThat(roundTrip(Duration.class, duration)).isEqualTo(duration);
        }
    }

    @Test
    void endpointOfManyDeliveriesTravelsOnce() {
        ClaimedDelivery one = ((Claimed) new RecordSamples().of(Claimed.class).get(0))
                .deliveries()
                .get(0);
        ClaimedDelivery other = one.withFence(one.fence() + 1);
        ClaimedDelivery changed = withEndpoint(one, one.endpoint().withVersion(77));
        Claimed claimed = new Claimed(List.of(one, other, changed));

        byte[] bytes = WireFormat.encode(Claimed.class, claimed);

        assertThat(WireFormat.decode(Claimed.class, bytes)).isEqualTo(claimed);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(Pattern.compile(Pattern.quote(one.endpoint().id().value()))
                        .matcher(text)
                        .results())
                .as("once for each version")
                .hasSize(2);
    }

    private static ClaimedDelivery withEndpoint(ClaimedDelivery one, Endpoint endpoint) {
        return new ClaimedDelivery(
                one.key(),
                one.fence(),
                one.leaseUntil(),
                one.attempt(),
                one.trigger(),
                one.message(),
                endpoint,
                one.circuit(),
                one.applicationRate());
    }

    /** A query as a later version might have it. */
    private record NewerResend(NewerKey key, String reason, List<String> tags) {}

    private record NewerKey(String application, String endpoint, String message, Map<String, Integer> shard) {}

    /** An entity page as an earlier version might have had it. */
    private record OlderHealth(String role) {}

    private record OlderMessage(String id, String application) {}

    @Test
    void fieldsOfANewerNeighbourArePassedOver() {
        Object sample = new RecordSamples().of(Requests.Resend.class).get(0);
        Requests.Resend known = (Requests.Resend) sample;
        NewerResend newer = new NewerResend(
                new NewerKey(
                        known.key().application().value(),
                        known.key().endpoint().value(),
                        known.key().message().value(),
                        Map.of("slot", 7)),
                "asked by hand",
                List.of("a", "b"));

        Requests.Resend decoded = WireFormat.decode(Requests.Resend.class, WireFormat.encode(NewerResend.class, newer));

        assertThat(decoded).isEqualTo(known);
    }

    @Test
    void fieldsThatAnOlderNeighbourLacksAreEmpty() {
        MessageId id = MessageId.at(NOW.toEpochMilli());
        ApplicationId app = application().id();

        Message message = WireFormat.decode(
                Message.class, WireFormat.encode(OlderMessage.class, new OlderMessage(id.value(), app.value())));
        RoleHealth health =
                WireFormat.decode(RoleHealth.class, WireFormat.encode(OlderHealth.class, new OlderHealth("storage")));

        assertThat(message.id()).isEqualTo(id);
        assertThat(message.channels()).isEmpty();
        assertThat(message.eventId()).isNull();
        assertThat(message.payload()).isNull();
        assertThat(health.role()).isEqualTo("storage");
        assertThat(health.checks()).isEmpty();
    }

    /** A neighbour whose numbers are objects, whose texts are lists. */
    private record Strange(List<String> deliveries, String patience) {}

    private record StrangeClaim(List<String> endpoints, List<StrangeHeld> deliveries) {}

    private record StrangeHeld(int endpoint, Message message) {}

    @Test
    void aClaimWhosePartsAreMissingIsRefused() {
        Message message = (Message) new RecordSamples().of(Message.class).get(0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> claimOf(new StrangeClaim(List.of(), List.of(new StrangeHeld(0, message)))))
                .withStackTraceContaining("endpoint 0 of 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> claimOf(new StrangeClaim(null, List.of(new StrangeHeld(-1, message)))))
                .withStackTraceContaining("endpoint -1 of 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> claimOf(new StrangeClaim(List.of(), List.of(new StrangeHeld(0, null)))))
                .withStackTraceContaining("a delivery without its message");
        assertThat(claimOf(new StrangeClaim(null, null))).isEqualTo(new Claimed(List.of()));
    }

    private static Claimed claimOf(StrangeClaim wire) {
        return WireFormat.decode(Claimed.class, WireFormat.encode(StrangeClaim.class, wire));
    }

    @Test
    void whatCannotBeReadIsRefused() {
        byte[] strange = WireFormat.encode(Strange.class, new Strange(List.of("x"), "soon"));

        assertThatIllegalArgumentException().isThrownBy(() -> WireFormat.decode(Claimed.class, strange));
        assertThatIllegalArgumentException().isThrownBy(() -> WireFormat.decode(ClaimRequest.class, strange));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WireFormat.decode(Claimed.class, new byte[] {(byte) 0xbf, 1, 2}));
    }

    @Test
    void codecFramesItsBytes() {
        RecordCodec<NodeHolder> codec = new RecordCodec<>(NodeHolder.class);
        Buffer wire = Buffer.buffer("head");
        NodeHolder holder = new NodeHolder(new NodeId("node-1"));

        codec.encodeToWire(wire, holder);
        int end = wire.length();
        wire.appendString("tail");

        assertThat(codec.decodeFromWire(4, wire)).isEqualTo(holder);
        assertThat(wire.getInt(4)).isEqualTo(end - 8);
        assertThat(codec.transform(holder)).isSameAs(holder);
        assertThat(codec.systemCodecID()).isEqualTo((byte) -1);
        assertThat(codec.name()).isEqualTo("posthorn:" + NodeHolder.class.getName());
    }

    private record NodeHolder(NodeId node) {}

    @Test
    void samplesFillEveryField() {
        wireTypesUnchecked()
                .forEach(type -> new RecordSamples()
                        .of(type)
                        .forEach(sample -> Arrays.stream(sample.getClass().getRecordComponents())
                                .forEach(component -> {
                                    try {
                                        component.getAccessor().setAccessible(true);
                                        assertThat(component.getAccessor().invoke(sample))
                                                .as("%s of %s", component, type)
                                                .isNotNull();
                                    } catch (ReflectiveOperationException e) {
                                        throw new LinkageError("cannot read " + component, e);
                                    }
                                })));
    }

    private static Stream<Class<?>> wireTypesUnchecked() {
        try {
            return wireTypes();
        } catch (IllegalAccessException e) {
            throw new LinkageError("cannot read the addresses", e);
        }
    }

    private static <T> T roundTrip(Class<T> type, T value) {
        return WireFormat.decode(type, WireFormat.encode(type, value));
    }

    private static Application application() {
        return new Application(
                ApplicationId.at(NOW.toEpochMilli()),
                OrganizationId.DEFAULT,
                null,
                "An application",
                null,
                Map.of(),
                NOW,
                NOW,
                0);
    }
}
