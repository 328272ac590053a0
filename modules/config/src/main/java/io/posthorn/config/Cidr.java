package io.posthorn.config;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The syntax of a network: its first address and the length of its prefix. */
final class Cidr {
    /** What the operator is told to write. */
    static final String EXPECTED = "a CIDR such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix";

    /** Only the two common forms: the library would also read octal, hexadecimal, ranges and wildcards. */
    private static final Pattern FORM = Pattern.compile(
            "((0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}/\\d{1,2})|([0-9a-fA-F:.]*:[0-9a-fA-F:.]*/\\d{1,3})");

    private Cidr() {}

    static boolean isValid(String text) {
        if (!FORM.matcher(text).matches()) {
            return false;
        }
        @Nullable IPAddress network = new IPAddressString(text).getAddress();
        return network != null
                && network.isPrefixed()
                && network.toPrefixBlock()
                        .getLower()
                        .toCanonicalString()
                        .equals(network.getLower().toCanonicalString());
    }
}
