package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    private static final long SEED = 20_260_101L;

    /** The special-purpose registries, IPv6 written in full; everything outside of 2000::/3 is denied besides. */
    private static final List<String> MODEL = List.of(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "0:0:0:0:0:0:0:0/96",
            "0:0:0:0:0:ffff:0:0/96",
            "0:0:0:0:ffff:0:0:0/96",
            "64:ff9b:0:0:0:0:0:0/96",
            "64:ff9b:1:0:0:0:0:0/48",
            "100:0:0:0:0:0:0:0/64",
            "100:0:0:1:0:0:0:0/64",
            "2001:0:0:0:0:0:0:0/23",
            "2001:db8:0:0:0:0:0:0/32",
            "2002:0:0:0:0:0:0:0/16",
            "3fff:0:0:0:0:0:0:0/20",
            "5f00:0:0:0:0:0:0:0/16",
            "fc00:0:0:0:0:0:0:0/7",
            "fe80:0:0:0:0:0:0:0/10",
            "fec0:0:0:0:0:0:0:0/10",
            "ff00:0:0:0:0:0:0:0/8");

    private final AddressPolicy policy = new AddressPolicy(List.of(), List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.100.100.200",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "168.63.129.16",
                "169.254.169.254",
                "169.254.170.2",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:7f00:1",
                "::ffff:a00:1",
                "::ffff:a9fe:a9fe",
                "::ffff:0:7f00:1",
                "64:ff9b::7f00:1",
                "64:ff9b::808:808",
                "64:ff9b:1::1",
                "64:ff9c::1",
                "100::1",
                "100:0:0:1::1",
                "5f00::1",
                "fc00::1",
                "fd00:ec2::254",
                "fd20:ce::254",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "2001::1",
                "2001:0:7f00:1::",
                "2001:2::1",
                "2001:3::1",
                "2001:4:112::1",
                "2001:10::1",
                "2001:20::1",
                "2001:30::1",
                "2001:1ff:ffff::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:808:808::1",
                "3fff::1",
                "4000::1",
                "1fff::1",
                "2600::5efe:7f00:1",
                "2600::200:5efe:a00:1"
            })
    void deniesSpecialPurposeAddresses(String address) {
        assertThat(policy.allows(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "168.63.129.15",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2600::1",
                "2606:4700::1111",
                "3ffe::1",
                "::ffff:808:808",
                "2600::5efe:808:808"
            })
    void allowsPublicAddressesRightUpToTheBounds(String address) {
        assertThat(policy.allows(address)).isTrue();
    }

    @Test
    void opensWhatTheOperatorNamesAndNothingElse() {
        // Given
        AddressPolicy opened = new AddressPolicy(List.of("10.1.0.0/16", "fd00::/8", "64:ff9b::/96"), List.of());

        // Then
        assertThat(opened.allows("10.1.2.3")).isTrue();
        assertThat(opened.allows("::ffff:a01:203")).isTrue();
        assertThat(opened.allows("10.2.0.1")).isFalse();
        assertThat(opened.allows("fd00::1")).isTrue();
        assertThat(opened.allows("fe80::1")).isFalse();
        assertThat(opened.allows("64:ff9b::808:808")).isTrue();
        assertThat(opened.allows("64:ff9b::7f00:1")).isFalse();
        assertThat(opened.opens("10.1.2.3")).isTrue();
        assertThat(opened.opens("8.8.8.8")).isFalse();
    }

    @Test
    void addressThatHoldsADeniedIpv4AddressIsDeniedThoughItsOwnRangeIsOpen() {
        // Given
        AddressPolicy opened = new AddressPolicy(List.of("::/0"), List.of());

        // Then
        assertThat(List.of(
                        "64:ff9b::7f00:1",
                        "64:ff9b::a9fe:a9fe",
                        "64:ff9b:1::7f00:1",
                        "64:ff9b:1:ffff::a00:1",
                        "2002:7f00:1::1",
                        "2002:a9fe:a9fe::",
                        "2001:0:808:808::80ff:fffe",
                        "2001:0:7f00:1::f7f7:f7f7",
                        "2600::5efe:7f00:1",
                        "::7f00:1",
                        "::ffff:0:7f00:1",
                        "::ffff:7f00:1"))
                .noneMatch(opened::allows);
        assertThat(List.of(
                        "::1",
                        "fd00::1",
                        "64:ff9b::808:808",
                        "64:ff9b:1::808:808",
                        "2002:808:808::1",
                        "2001:0:808:808::f7f7:f7f7"))
                .allMatch(opened::allows);
    }

    @Test
    void agreesWithAModelOfBareNumbersAroundEveryBound() {
        // Given
        Random random = new Random(SEED);

        // Then
        for (String range : MODEL) {
            BigInteger first = number(range.substring(0, range.indexOf('/')));
            int bits = first.bitLength() > 32 || range.indexOf(':') >= 0 ? 128 : 32;
            int free = bits - Integer.parseInt(range.substring(range.indexOf('/') + 1));
            BigInteger last = first.add(BigInteger.ONE.shiftLeft(free)).subtract(BigInteger.ONE);
            for (BigInteger at : List.of(
                    first.subtract(BigInteger.ONE),
                    first,
                    last,
                    last.add(BigInteger.ONE),
                    first.add(new BigInteger(free, random)),
                    new BigInteger(bits, random))) {
                if (at.signum() >= 0 && at.bitLength() <= bits) {
                    String text = text(at, bits);
                    assertThat(policy.allows(text))
                            .as("%s, seed %s", text, SEED)
                            .isEqualTo(!isDenied(at, bits));
                }
            }
        }
    }

    private static boolean isDenied(BigInteger address, int bits) {
        if (bits == 128 && address.shiftRight(32).equals(BigInteger.valueOf(0xffff))) {
            return isDenied(address.and(BigInteger.valueOf(0xffff_ffffL)), 32);
        }
        boolean global = bits == 32 || address.shiftRight(125).equals(BigInteger.ONE);
        return !global
                || MODEL.stream()
                        .filter(range -> (range.indexOf(':') < 0) == (bits == 32))
                        .anyMatch(range -> {
                            int free = bits - Integer.parseInt(range.substring(range.indexOf('/') + 1));
                            return address.shiftRight(free)
                                    .equals(number(range.substring(0, range.indexOf('/')))
                                            .shiftRight(free));
                        });
    }

    /** The first eight groups as they are written in full, or the four octets. */
    private static BigInteger number(String text) {
        BigInteger number = BigInteger.ZERO;
        boolean ipv4 = text.indexOf(':') < 0;
        for (String part : text.split(ipv4 ? "\\." : ":")) {
            number = number.shiftLeft(ipv4 ? 8 : 16).add(new BigInteger(part, ipv4 ? 10 : 16));
        }
        return number;
    }

    private static String text(BigInteger number, int bits) {
        StringJoiner joined = new StringJoiner(bits == 32 ? "." : ":");
        int size = bits == 32 ? 8 : 16;
        for (int shift = bits - size; shift >= 0; shift -= size) {
            int part = number.shiftRight(shift).intValue() & ((1 << size) - 1);
            joined.add(Integer.toString(part, bits == 32 ? 10 : 16));
        }
        return joined.toString();
    }

    @Test
    void neverDialsWhatTheOperatorCloses() {
        // Given
        AddressPolicy closed = new AddressPolicy(List.of("10.0.0.0/8"), List.of("10.1.0.0/16", "8.8.8.8", "2600::/12"));

        // Then
        assertThat(closed.allows("10.2.0.1")).isTrue();
        assertThat(closed.allows("10.1.0.1")).isFalse();
        assertThat(closed.allows("8.8.8.8")).isFalse();
        assertThat(closed.allows("::ffff:808:808")).isFalse();
        assertThat(closed.allows("2606:4700::1111")).isFalse();
    }

    @Test
    void refusesARangeThatIsNone() {
        for (String bad : List.of("", "localhost", "10.0.0.0/33", "10.0.0.1/8", "*")) {
            assertThatThrownBy(() -> new AddressPolicy(List.of(bad), List.of()))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void knowsNamesOfPrivateNetworks() {
        assertThat(List.of("localhost", "redis", "a.localhost", "printer.local", "metadata.google.internal", "1.arpa"))
                .allMatch(AddressPolicy::isPrivateName);
        assertThat(List.of("example.com", "localhost.example.com")).noneMatch(AddressPolicy::isPrivateName);
    }
}
