package io.posthorn.dispatch;

import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.List;

/** The IPv4 addresses inside of an IPv6 address: packets to it end there, wherever a translator or a tunnel is set up. */
final class EmbeddedIpv4 {
    private static final int ISATAP = 0x5efe;

    private EmbeddedIpv4() {}

    /** None for most. Of the first 64 bits and of the universal bit of ISATAP every value counts. */
    static List<IPv4Address> of(IPv6Address address) {
        int first = group(address, 0);
        int second = group(address, 1);
        int fifth = group(address, 4);
        if (first == 0x2002) { // 6to4, RFC 3056
            return List.of(at(address, 1));
        }
        if (first == 0x2001 && second == 0) { // Teredo, RFC 4380: the server, and the client with its bits turned
            return List.of(at(address, 2), new IPv4Address(~at(address, 6).intValue()));
        }
        boolean nat64 = first == 0x64 && second == 0xff9b; // RFC 6052 and 8215
        boolean isatap = (fifth == 0 || fifth == 0x200) && group(address, 5) == ISATAP; // RFC 5214
        return nat64 || isatap || isBehindZeros(address) ? List.of(at(address, 6)) : List.of();
    }

    /** IPv4-compatible (RFC 4291) and translated (RFC 2765), but for {@code ::} and {@code ::1}. */
    private static boolean isBehindZeros(IPv6Address address) {
        for (int i = 0; i < 4; i++) {
            if (group(address, i) != 0) {
                return false;
            }
        }
        boolean translated = group(address, 4) == 0xffff && group(address, 5) == 0;
        boolean compatible = group(address, 4) == 0 && group(address, 5) == 0 && group(address, 6) != 0;
        return translated || compatible;
    }

    private static IPv4Address at(IPv6Address address, int group) {
        return new IPv4Address(group(address, group) << 16 | group(address, group + 1));
    }

    private static int group(IPv6Address address, int index) {
        return address.getSegment(index).getSegmentValue();
    }
}
