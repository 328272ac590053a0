package io.posthorn.contract;

import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A host of a URL in its one accepted form; an IPv6 address is held without brackets. */
record HostText(Kind kind, String text) {
    enum Kind {
        NAME,
        IPV4,
        IPV6
    }

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern DOTTED_QUAD = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final Pattern HEXTET = Pattern.compile("[0-9a-f]{1,4}");

    static HostText parse(String written) {
        if (written.isEmpty()) {
            throw new IllegalArgumentException("a URL has a host");
        }
        if (written.chars().anyMatch(c -> c > 126)) {
            throw new IllegalArgumentException("a host is ASCII; an international name is written as xn--...");
        }
        String text = written.toLowerCase(Locale.ROOT);
        if (text.startsWith("[")) {
            return ipv6(text);
        }
        if (DOTTED_QUAD.matcher(text).matches()) {
            return new HostText(Kind.IPV4, text);
        }
        if (text.length() > 253 || !NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a host is labels of letters, digits and inner hyphens with dots between, at most 253 characters");
        }
        if (NUMBER.matcher(text.substring(text.lastIndexOf('.') + 1)).matches()) {
            throw new IllegalArgumentException("an IPv4 address is four decimal numbers without leading zeros");
        }
        return new HostText(Kind.NAME, text);
    }

    private static HostText ipv6(String bracketed) {
        String inner = bracketed.endsWith("]") ? bracketed.substring(1, bracketed.length() - 1) : "";
        int @Nullable [] groups = groups(inner);
        if (groups == null) {
            throw new IllegalArgumentException(
                    "an IPv6 address stands in brackets, in hexadecimal groups, without a scope");
        }
        String canonical = canonical(groups);
        if (!canonical.equals(inner)) {
            throw new IllegalArgumentException("an IPv6 address is written in its short form: [" + canonical + "]");
        }
        return new HostText(Kind.IPV6, canonical);
    }

    private static int @Nullable [] groups(String text) {
        int gap = text.indexOf("::");
        String[] head = split(gap < 0 ? text : text.substring(0, gap));
        String[] tail = split(gap < 0 ? "" : text.substring(gap + 2));
        int written = head.length + tail.length;
        if (gap < 0 ? written != 8 : written > 7) {
            return null;
        }
        int[] groups = new int[8];
        for (int i = 0; i < written; i++) {
            String group = i < head.length ? head[i] : tail[i - head.length];
            if (!HEXTET.matcher(group).matches()) {
                return null;
            }
            groups[i < head.length ? i : 8 - written + i] = Integer.parseInt(group, 16);
        }
        return groups;
    }

    private static String[] split(String text) {
        return text.isEmpty() ? new String[0] : text.split(":", -1);
    }

    /** RFC 5952: the first of the longest runs of two or more zero groups is left out. */
    private static String canonical(int[] groups) {
        int bestStart = 8;
        int bestLength = 1;
        for (int start = 0; start < 8; start++) {
            int end = start;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - start > bestLength) {
                bestStart = start;
                bestLength = end - start;
            }
        }
        if (bestStart == 8) {
            return join(groups, 0, 8);
        }
        return join(groups, 0, bestStart) + "::" + join(groups, bestStart + bestLength, 8);
    }

    private static String join(int[] groups, int from, int to) {
        StringJoiner joined = new StringJoiner(":");
        for (int i = from; i < to; i++) {
            joined.add(Integer.toHexString(groups[i]));
        }
        return joined.toString();
    }
}
