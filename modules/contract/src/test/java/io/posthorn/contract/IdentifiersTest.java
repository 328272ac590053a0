package io.posthorn.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Comparator;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {
    private static final long NOW = 1_800_000_000_000L;

    /** What an id type can do. */
    private record Kind<T extends Comparable<T>>(
            String prefix,
            LongFunction<T> at,
            Function<String, T> parse,
            Function<byte[], T> fromBytes,
            Function<T, byte[]> toBytes,
            Function<T, String> text) {
        void roundTrips() {
            T id = at.apply(NOW);

            assertThat(text.apply(id)).startsWith(prefix).hasSize(prefix.length() + 27);
            assertThat(id).hasToString(text.apply(id));
            assertThat(parse.apply(text.apply(id))).isEqualTo(id);
            assertThat(toBytes.apply(id)).hasSize(20);
            assertThat(fromBytes.apply(toBytes.apply(id))).isEqualTo(id);
        }

        void sorts() {
            T early = at.apply(NOW);
            T late = at.apply(NOW + 1000);

            assertThat(Stream.of(late, early).sorted(Comparator.naturalOrder())).containsExactly(early, late);
        }

        @Override
        public String toString() {
            return prefix;
        }
    }

    static Stream<Kind<?>> kinds() {
        return Stream.of(
                new Kind<>(
                        "app_",
                        ApplicationId::at,
                        ApplicationId::new,
                        ApplicationId::of,
                        ApplicationId::bytes,
                        ApplicationId::value),
                new Kind<>(
                        "ep_", EndpointId::at, EndpointId::new, EndpointId::of, EndpointId::bytes, EndpointId::value),
                new Kind<>("msg_", MessageId::at, MessageId::new, MessageId::of, MessageId::bytes, MessageId::value),
                new Kind<>("atmpt_", AttemptId::at, AttemptId::new, AttemptId::of, AttemptId::bytes, AttemptId::value));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void goThroughTextAndBytes(Kind<?> kind) {
        kind.roundTrips();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void sortByTime(Kind<?> kind) {
        kind.sorts();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void refuseAnotherPrefix(Kind<?> kind) {
        String foreign = "xyz_" + SortableId.next("", NOW);

        assertThatIllegalArgumentException().isThrownBy(() -> kind.parse().apply(foreign));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "org_", "org_a-b", "org_é", "app_abc", "org_a b"})
    void organisationRefusesOtherTexts(String text) {
        assertThat(OrganizationId.isValid(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new OrganizationId(text));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void organisationTakesUpTo64Characters(int length) {
        assertThat(new OrganizationId("org_" + "a".repeat(length)).value()).hasSize(length + 4);
        assertThat(OrganizationId.isValid("org_" + "a".repeat(65))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65})
    void nodeRefusesEmptyAndLongNames(int length) {
        assertThatIllegalArgumentException().isThrownBy(() -> new NodeId("n".repeat(length)));
        assertThat(new NodeId("n".repeat(64))).hasToString("n".repeat(64));
    }
}
