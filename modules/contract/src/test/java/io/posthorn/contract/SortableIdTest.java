package io.posthorn.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortableIdTest {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String LOWEST = "000000000000000000000000000";
    private static final String HIGHEST = "aWgEPTl1tmebfsQzFP4bxwgy80V";
    private static final long SEED = 20_240_501L;

    @Test
    void encodesTheBoundsOfTwentyBytes() {
        byte[] zeros = new byte[SortableId.BYTES];
        byte[] ones = new byte[SortableId.BYTES];
        Arrays.fill(ones, (byte) 0xff);

        assertThat(SortableId.encode(zeros)).isEqualTo(LOWEST);
        assertThat(SortableId.encode(ones)).isEqualTo(HIGHEST);
        assertThat(SortableId.decode(LOWEST)).isEqualTo(zeros);
        assertThat(SortableId.decode(HIGHEST)).isEqualTo(ones);
    }

    @Test
    void agreesWithPlainArithmeticInBothDirections() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[SortableId.BYTES];
            random.nextBytes(bytes);

            String text = SortableId.encode(bytes);

            assertThat(text).as("seed %d, round %d", SEED, i).isEqualTo(base62(bytes));
            assertThat(SortableId.decode("msg_" + text)).isEqualTo(bytes);
        }
    }

    @Test
    void orderOfTextIsOrderOfBytes() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            byte[] left = new byte[SortableId.BYTES];
            byte[] right = new byte[SortableId.BYTES];
            random.nextBytes(left);
            random.nextBytes(right);
            System.arraycopy(left, 0, right, 0, random.nextInt(SortableId.BYTES));

            int ofText = SortableId.encode(left).compareTo(SortableId.encode(right));

            assertThat(Integer.signum(ofText))
                    .as("seed %d, round %d", SEED, i)
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(left, right)));
        }
    }

    @Test
    void laterIdsSortAfterEarlierOnes() {
        long start = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();
        String previous = SortableId.next("msg_", start);
        for (long millis = start + 4; millis < start + 4000; millis += 4) {
            String next = SortableId.next("msg_", millis);
            assertThat(next).isGreaterThan(previous);
            previous = next;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2014-05-13T16:53:20Z",
                "2026-03-01T10:00:00.123Z",
                "2038-01-19T03:14:08.999Z",
                "2150-06-19T23:21:35.999Z"
            })
    void keepsTheTimeToFourMilliseconds(String moment) {
        long millis = Instant.parse(moment).toEpochMilli();

        long kept = SortableId.epochMillis(SortableId.next("msg_", millis));

        assertThat(kept).isBetween(millis - 3, millis);
    }

    @Test
    void timesOutsideTheRangeStayAtItsEnds() {
        String before =
                SortableId.lowest("msg_", Instant.parse("1970-01-01T00:00:00Z").toEpochMilli());

        assertThat(before).isEqualTo("msg_" + LOWEST);
        assertThat(SortableId.isValid("msg_", SortableId.next("msg_", Long.MAX_VALUE)))
                .isTrue();
        assertThat(SortableId.lowest(
                        "msg_", Instant.parse("3000-01-01T00:00:00Z").toEpochMilli()))
                .isGreaterThan(SortableId.next(
                        "msg_", Instant.parse("2100-01-01T00:00:00Z").toEpochMilli()));
    }

    @Test
    void lowestIsABoundOfItsTime() {
        long millis = Instant.parse("2026-03-01T10:00:00.500Z").toEpochMilli();
        String bound = SortableId.lowest("msg_", millis);

        assertThat(SortableId.next("msg_", millis)).isGreaterThan(bound);
        assertThat(SortableId.next("msg_", millis - 4)).isLessThan(bound);
        assertThat(SortableId.epochMillis(bound)).isEqualTo(millis);
    }

    @Test
    void neverMakesTheSameTwice() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            made.add(SortableId.next("msg_", 1_800_000_000_000L));
        }

        assertThat(made).hasSize(20_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "msg_",
                "msg_00000000000000000000000000",
                "msg_0000000000000000000000000000",
                "app_000000000000000000000000000",
                "MSG_000000000000000000000000000",
                "msg_00000000000000000000000000-",
                "msg_00000000000000000000000000é",
                "msg_00000000000000000000000000٣",
                "msg_aWgEPTl1tmebfsQzFP4bxwgy80W",
                "msg_zzzzzzzzzzzzzzzzzzzzzzzzzzz",
                " msg_000000000000000000000000000"
            })
    void knowsWhatIsNoId(String text) {
        assertThat(SortableId.isValid("msg_", text)).isFalse();
        assertThat(MessageId.isValid(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new MessageId(text));
    }

    @Test
    void decodesNothingThatIsNoId() {
        assertThatIllegalArgumentException().isThrownBy(() -> SortableId.decode("msg_"));
        assertThatIllegalArgumentException().isThrownBy(() -> SortableId.decode("msg_00000000000000000000000000~"));
        assertThatIllegalArgumentException().isThrownBy(() -> SortableId.decode("msg_00000000000000000000000000é"));
    }

    private static String base62(byte[] bytes) {
        BigInteger left = new BigInteger(1, bytes);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < SortableId.CHARACTERS; i++) {
            BigInteger[] parts = left.divideAndRemainder(BigInteger.valueOf(62));
            text.append(ALPHABET.charAt(parts[1].intValue()));
            left = parts[0];
        }
        return text.reverse().toString();
    }
}
