package io.posthorn.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The syntax {@code host:port}, or the host alone; an IPv6 host stands in brackets. */
final class HostPort {
    private static final Pattern HOST = Pattern.compile("\\[[0-9a-fA-F:.]+]|[a-zA-Z0-9.-]+");
    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[a-zA-Z0-9.-]+):(\\d{1,5})");

    private HostPort() {}

    static boolean isHostOrHostPort(String text) {
        return HOST.matcher(text).matches() || isValid(text);
    }

    static boolean isValid(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        int port = Integer.parseInt(matcher.group(2));
        return port >= 1 && port <= 65_535;
    }
}
