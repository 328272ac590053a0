package io.posthorn.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * URLs made of the pieces that parsers are known to read differently, against two independent readings of what is accepted: that of
 * {@link URI}, and a model that takes the text apart from its end. {@code -Dposthorn.fuzz.urls=n} makes n of them, and
 * {@code -Dposthorn.fuzz.seed=s} begins elsewhere.
 */
class TargetUrlFuzzTest {
    private static final int COUNT = Integer.getInteger("posthorn.fuzz.urls", 150_000);
    private static final long SEED = Long.getLong("posthorn.fuzz.seed", 20_260_101L);
    private static final int LEAST_ACCEPTED = 20;

    private static final String[] SCHEMES = {
        "http://",
        "https://",
        "HTTPS://",
        "Http://",
        "http:/",
        "http:",
        "https:///",
        "ftp://",
        "//",
        "",
        " http://",
        "http:\\\\",
        "https:/\\"
    };
    private static final String[] HOSTS = {
        "example.com",
        "EXAMPLE.com",
        "a.b.c.example",
        "xn--bcher-kva.example",
        "localhost",
        "receiver",
        "a-b.example",
        "-a.example",
        "a_b.example",
        "ex%61mple.com",
        "b\u00fccher.example",
        "\u2460\u2461\u2466.0.0.1",
        "127\u30020\u30020\u30021",
        "\uff11\uff12\uff17.0.0.1",
        "\u0435xample.com",
        "exam\u00adple.com",
        "127.0.0.1",
        "8.8.8.8",
        "127.1",
        "127.0.1",
        "2130706433",
        "0",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.0.0.01",
        "017700000001",
        "127.0.0.1.",
        "0x",
        "1.2.3.0x",
        "example.0x7f",
        "example.1",
        "1e1",
        "0.0.0.0",
        "255.255.255.255",
        "256.0.0.1",
        "999.1.1.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[fe80::1%25eth0]",
        "[fe80::1%eth0]",
        "[2001:DB8::A]",
        "[0:0:0:0:0:0:0:1]",
        "[::0001]",
        "[1::2::3]",
        "[v1.a]",
        "[::1",
        "::1",
        "[]",
        "[127.0.0.1]",
        "",
        "example.com.",
        ".example.com",
        "a..b"
    };
    private static final String[] USERS = {
        "", "", "", "", "user@", "user:pw@", "@", "a%40b@", "127.0.0.1@", "example.com:80@", "\\@", "#@", "?@"
    };
    private static final String[] PORTS = {
        "",
        "",
        "",
        ":",
        ":80",
        ":443",
        ":8080",
        ":8443",
        ":65535",
        ":65536",
        ":0",
        ":00080",
        ":+80",
        ":-1",
        ":22",
        ":25",
        ":6379",
        ":80a",
        ":80:81",
        ":\u0661\u0662",
        ":1024",
        ":1023",
        ":9999999999"
    };
    private static final String[] PATHS = {
        "",
        "/",
        "/hook",
        "/a//b/../c",
        "/a%2Fb",
        "/%",
        "/%zz",
        "/%2",
        "/a b",
        "/a\tb",
        "/a\r\nHost: x",
        "/a\\b",
        "/\u00fc",
        "/;a=b",
        "/@127.0.0.1/",
        "/a:b",
        "/[x]",
        "/{x}",
        "/a|b",
        "/a^b",
        "/a`b",
        "/\"",
        "/<a>",
        "//example.org/",
        "/.",
        "/..",
        "/*",
        "/a?b?c",
        "/~a"
    };
    private static final String[] TAILS = {
        "",
        "",
        "",
        "?x=1",
        "?",
        "?a=%0d%0a",
        "?http://127.0.0.1",
        "#",
        "#@127.0.0.1",
        "?a#b",
        "\\",
        "\u0000",
        "\n",
        " ",
        "?a[]=1"
    };
    private static final String NOISE = "az09.-_~:/?#[]@!$&'()*+,;=%\\ \t\r\n\u0000\u00fc\u3002\uff0e|^`{}<>\"xX";

    private final Random random = new Random(SEED);

    @Test
    void everythingAcceptedIsReadAlikeByOthers() {
        // Given
        int accepted = 0;

        // When
        for (int i = 0; i < COUNT; i++) {
            String text = next();
            @Nullable TargetUrl url = parsed(text);
            if (url != null) {
                accepted++;
                try {
                    agreesWithModel(text, url);
                    agreesWithUri(text, url);
                } catch (AssertionError wrong) {
                    fail("seed " + SEED + ", URL " + i + ": <" + text + "> read as " + url + url.requestUri(), wrong);
                }
            }
        }

        // Then: what is refused proves nothing
        assertThat(accepted).as("accepted of %s, seed %s", COUNT, SEED).isGreaterThan(COUNT / LEAST_ACCEPTED);
    }

    @Test
    void everythingRefusedIsRefusedForAReasonOfTheModel() {
        for (int i = 0; i < COUNT / 3; i++) {
            String text = next();
            if (parsed(text) == null) {
                assertThat(isPlain(text))
                        .as("seed %s, URL %s: <%s> is refused, and nothing is wrong with it", SEED, i, text)
                        .isFalse();
            }
        }
    }

    private String next() {
        String text = pick(SCHEMES, 0.8)
                + pick(USERS, 0.85)
                + pick(HOSTS, 0.3)
                + pick(PORTS, 0.6)
                + pick(PATHS, 0.4)
                + pick(TAILS, 0.6);
        StringBuilder changed = new StringBuilder(text);
        for (int edits = random.nextInt(6) - 3; edits > 0 && !changed.isEmpty(); edits--) {
            int at = random.nextInt(changed.length());
            char noise = NOISE.charAt(random.nextInt(NOISE.length()));
            switch (random.nextInt(4)) {
                case 0 -> changed.insert(at, noise);
                case 1 -> changed.deleteCharAt(at);
                case 2 -> changed.setCharAt(at, noise);
                default ->
                    changed.insert(at, changed.substring(at, Math.min(changed.length(), at + 1 + random.nextInt(4))));
            }
        }
        return changed.toString();
    }

    /** Often one of the first three, which are usual. */
    private String pick(String[] pieces, double usual) {
        return pieces[random.nextInt(random.nextDouble() < usual ? Math.min(3, pieces.length) : pieces.length)];
    }

    private static @Nullable TargetUrl parsed(String text) {
        try {
            return TargetUrl.parse(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return null;
        }
    }

    /** Split from the end: no character that any parser gives another meaning, then path, port, host. */
    private static void agreesWithModel(String text, TargetUrl url) {
        assertThat(text.chars()).allMatch(c -> c > ' ' && c < 127 && "\\#<>\"{}|^`".indexOf(c) < 0);
        boolean ssl = text.substring(0, 6).toLowerCase(Locale.ROOT).equals("https:");
        String rest = text.substring(ssl ? 8 : 7);
        String authority = rest.split("[/?]", 2)[0];
        String behind = rest.substring(authority.length());
        assertThat(authority).doesNotContain("@", "%");
        String host = authority.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
        if (authority.endsWith("]")) {
            host = authority.toLowerCase(Locale.ROOT);
        }
        String port = authority.substring(host.length());
        assertThat(url.isSsl()).isEqualTo(ssl);
        assertThat(url.port()).isEqualTo(port.isEmpty() ? (ssl ? 443 : 80) : Integer.parseInt(port.substring(1)));
        assertThat(url.requestUri()).isEqualTo(behind.startsWith("/") ? behind : "/" + behind);
        assertThat(host).isEqualTo(url.host().indexOf(':') < 0 ? url.host() : "[" + url.host() + "]");
        assertThat(url.port() == 80 || url.port() == 443 || url.port() > 1023).isTrue();
        isNoDisguisedAddress(url);
    }

    /** What the WHATWG standard and {@code inet_aton} take for an address ends in a number, whatever stands before it. */
    private static void isNoDisguisedAddress(TargetUrl url) {
        String[] labels = url.host().split("\\.", -1);
        String last = labels[labels.length - 1];
        boolean number = last.matches("[0-9]+") || last.matches("0[xX][0-9a-fA-F]*");
        if (url.isAddress() && url.host().indexOf(':') < 0) {
            assertThat(labels).hasSize(4);
            assertThat(labels)
                    .allMatch(label ->
                            Integer.toString(Integer.parseInt(label)).equals(label) && Integer.parseInt(label) < 256);
        } else if (url.isAddress()) {
            assertThat(url.host()).matches("[0-9a-f:]+").doesNotContain(":::");
        } else {
            assertThat(number).as("the host ends in a number").isFalse();
            assertThat(url.host())
                    .matches("[a-z0-9.-]+")
                    .doesNotStartWith(".")
                    .doesNotEndWith(".")
                    .doesNotContain("..");
        }
    }

    /** As java.net.URI sees it; it knows no brackets in paths and queries, and no names that it would have to look up. */
    private static void agreesWithUri(String text, TargetUrl url) {
        int behind = text.indexOf('/', 8) < 0 ? text.length() : text.indexOf('/', 8);
        int query = text.indexOf('?') < 0 ? text.length() : text.indexOf('?');
        int end = Math.min(behind, query);
        URI uri = URI.create(
                text.substring(0, end) + text.substring(end).replace("[", "%5B").replace("]", "%5D"));
        assertThat(uri.getRawUserInfo()).isNull();
        assertThat(uri.getRawFragment()).isNull();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String wanted = path + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        assertThat(url.requestUri().replace("[", "%5B").replace("]", "%5D")).isEqualTo(wanted);
        if (uri.getHost() != null) {
            assertThat(uri.getPort()).isEqualTo(text.substring(8, end).matches(".*:[0-9]+") ? url.port() : -1);
            assertThat(uri.getHost().toLowerCase(Locale.ROOT))
                    .isEqualTo(url.host().indexOf(':') < 0 ? url.host() : "[" + url.host() + "]");
        } else {
            // A last label that begins with a digit is no host to it, though it is one to DNS.
            assertThat(uri.getRawAuthority().replaceFirst(":[0-9]+$", "")).isEqualToIgnoringCase(url.host());
        }
    }

    /** What every parser reads alike, and nobody could object to. */
    private static boolean isPlain(String text) {
        List<String> ports = new ArrayList<>(List.of("", ":80", ":443", ":8080", ":8443"));
        for (String scheme : new String[] {"http://", "https://"}) {
            for (String host : new String[] {
                "example.com", "a.b.c.example", "xn--bcher-kva.example", "8.8.8.8", "127.0.0.1", "[::1]"
            }) {
                for (String port : ports) {
                    String start = scheme + host + port;
                    if (text.startsWith(start)
                            && text.substring(start.length()).matches("(/[a-z0-9./~-]*)?(\\?[a-z0-9=]*)?")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
