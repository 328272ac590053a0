package io.posthorn.dispatch;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses may be dialled: none of the special-purpose ranges (IANA registries, RFC 6890), and of IPv6 only
 * 2000::/3 without what is special in it. The operator can open ranges and close more; a closed one stays closed
 * whatever is opened. An address that holds an IPv4 address is allowed only where that one is.
 */
final class AddressPolicy {
    private static final Pattern WRITTEN =
            Pattern.compile("([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*)(/[0-9]{1,3})?");

    private static final List<IPAddress> SPECIAL = parse(List.of(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32", // a cloud platform's own service on a public address
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
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20"));
    private static final IPAddress GLOBAL_IPV6 = parse("2000::/3");
    private static final Set<String> PRIVATE_TOP_LEVELS =
            Set.of("localhost", "local", "internal", "arpa", "onion", "localdomain", "lan", "home", "corp", "intranet");

    private final List<IPAddress> opened;
    private final List<IPAddress> closed;

    /**
     * A policy with an operator's ranges.
     *
     * @throws IllegalArgumentException naming the text that is not a CIDR
     */
    AddressPolicy(List<String> opened, List<String> closed) {
        this.opened = parse(opened);
        this.closed = parse(closed);
    }

    /** Whether that address, in a canonical form, may be dialled. */
    boolean allows(String address) {
        return allows(parse(address));
    }

    /** Whether the operator opened that address by name of its range. */
    boolean opens(String address) {
        return contains(opened, unwrapped(parse(address)));
    }

    /** Whether any range is opened at all. */
    boolean opensAny() {
        return !opened.isEmpty();
    }

    /** Whether a name is one of a private network: it may then be used only for addresses that the operator opened. */
    static boolean isPrivateName(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 || PRIVATE_TOP_LEVELS.contains(name.substring(dot + 1));
    }

    private boolean allows(IPAddress written) {
        IPAddress address = unwrapped(written);
        if (contains(closed, address)) {
            return false;
        }
        if (address instanceof IPv6Address wrapping) {
            for (IPv4Address inner : EmbeddedIpv4.of(wrapping)) {
                if (!allows(inner)) {
                    return false;
                }
            }
        }
        if (contains(opened, address)) {
            return true;
        }
        return (address.isIPv4() || GLOBAL_IPV6.contains(address)) && !contains(SPECIAL, address);
    }

    private static IPAddress unwrapped(IPAddress address) {
        return address instanceof IPv6Address ipv6 && ipv6.isIPv4Mapped() ? ipv6.getEmbeddedIPv4Address() : address;
    }

    private static boolean contains(List<IPAddress> ranges, IPAddress address) {
        for (IPAddress range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static List<IPAddress> parse(List<String> ranges) {
        return ranges.stream().map(AddressPolicy::parse).toList();
    }

    private static IPAddress parse(String range) {
        // The library also reads wildcards, short forms and the empty text, which here can only be mistakes.
        @Nullable IPAddress address = WRITTEN.matcher(range).matches() ? new IPAddressString(range).getAddress() : null;
        if (address == null || address.isPrefixed() && !address.isPrefixBlock()) {
            throw new IllegalArgumentException("not an address range such as 10.0.0.0/8: " + range);
        }
        return address;
    }
}
