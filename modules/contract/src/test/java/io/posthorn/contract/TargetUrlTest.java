package io.posthorn.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetUrlTest {
    @ParameterizedTest
    @CsvSource({
        "https://example.com, true, example.com, 443, /, https://example.com",
        "HTTP://Example.COM/Path?Q=a%2Fb, false, example.com, 80, /Path?Q=a%2Fb, http://example.com",
        "https://example.com:443/a//b/../c, true, example.com, 443, /a//b/../c, https://example.com",
        "https://example.com?x=1, true, example.com, 443, /?x=1, https://example.com",
        "http://example.com:8080/a@b:c, false, example.com, 8080, /a@b:c, http://example.com:8080",
        "https://xn--bcher-kva.example/?a[]=1, true, xn--bcher-kva.example, 443, /?a[]=1, https://xn--bcher-kva.example",
        "http://receiver:3000, false, receiver, 3000, /, http://receiver:3000",
    })
    void readsANameAndKeepsPathAndQueryVerbatim(
            String text, boolean ssl, String host, int port, String requestUri, String origin) {
        // When
        TargetUrl url = TargetUrl.parse(text);

        // Then
        assertThat(url.isSsl()).isEqualTo(ssl);
        assertThat(url.host()).isEqualTo(host);
        assertThat(url.port()).isEqualTo(port);
        assertThat(url.requestUri()).isEqualTo(requestUri);
        assertThat(url.origin()).isEqualTo(origin).isEqualTo(url.toString());
        assertThat(url.isAddress()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:9000/, 127.0.0.1, http://127.0.0.1:9000",
        "http://[::1]:9000/, ::1, http://[::1]:9000",
        "https://[2001:DB8::A]/, 2001:db8::a, https://[2001:db8::a]",
        "https://[1:0:0:2::3]/, 1:0:0:2::3, https://[1:0:0:2::3]",
        "https://[::]/, ::, https://[::]",
        "https://[1:2:3:4:5:6:7:8]/, 1:2:3:4:5:6:7:8, https://[1:2:3:4:5:6:7:8]",
        "https://[1:0:3:4:5:6:7:8]/, 1:0:3:4:5:6:7:8, https://[1:0:3:4:5:6:7:8]",
    })
    void readsACanonicalAddress(String text, String host, String origin) {
        // When
        TargetUrl url = TargetUrl.parse(text);

        // Then
        assertThat(url.isAddress()).isTrue();
        assertThat(url.host()).isEqualTo(host);
        assertThat(url.origin()).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "//example.com/",
                "https:example.com",
                "https:/example.com",
                "ftp://example.com/",
                "file:///etc/hosts",
                "gopher://example.com:70/",
                "javascript:alert(1)",
                " https://example.com/",
                "https://",
                "https:///path",
                "https://:443/",
                "https://user@example.com/",
                "https://user:password@example.com/",
                "http://foo@evil.example:80@127.0.0.1/",
                "https://example.com@127.0.0.1/",
                "https://example.com#@127.0.0.1/",
                "https://example.com/#fragment",
                "https://example.com\\@127.0.0.1/",
                "https://example.com\\.evil.example/",
                "https://example.com/a b",
                "https://example.com/a\tb",
                "https://example.com/a\r\nHost: evil.example",
                "https://exam\nple.com/",
                "https://example.com/\u0000",
                "https://example.com/a\\b",
                "https://example.com/%",
                "https://example.com/%2",
                "https://example.com/%zz",
                "https://example.com/\u00fc",
                "https://example.com/<a>",
                "https://example.com:/",
                "https://example.com:0/",
                "https://example.com:0443/",
                "https://example.com:+443/",
                "https://example.com:65536/",
                "https://example.com:99999/",
                "https://example.com:443:443/",
                "https://example.com:22/",
                "https://example.com:25/",
                "https://example.com:6379/",
                "https://example.com:6667/",
                "https://example.com./",
                "https://.example.com/",
                "https://example..com/",
                "https://-example.com/",
                "https://example-.com/",
                "https://exa_mple.com/",
                "https://ex%61mple.com/",
                "https://b\u00fccher.example/",
                "https://\u2460\u2461\u2466.0.0.1/",
                "https://127\u30020\u30020\u30021/",
                "https://\uff11\uff12\uff17.0.0.1/",
                "http://127.1/",
                "http://127.0.1/",
                "http://2130706433/",
                "http://0/",
                "http://0x7f000001/",
                "http://0x7f.0.0.1/",
                "http://example.0x7f/",
                "http://example.1/",
                "http://0177.0.0.1/",
                "http://127.0.0.01/",
                "http://127.0.0.256/",
                "http://127.0.0.1.5/",
                "http://127.0.0.1./",
                "http://::1/",
                "http://[::1/",
                "http://[::1]x/",
                "http://[::1]:/",
                "http://[]/",
                "http://[fe80::1%25eth0]/",
                "http://[fe80::1%eth0]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[0:0:0:0:0:0:0:1]/",
                "http://[::0001]/",
                "http://[1::2::3]/",
                "http://[:::]/",
                "http://[1:2:3:4:5:6:7]/",
                "http://[1:2:3:4:5:6:7:8:9]/",
                "http://[1:2:3:4:5:6:7::8]/",
                "http://[12345::]/",
                "http://[v1.a]/",
                "http://[127.0.0.1]/",
            })
    void refusesWhatParsersReadDifferently(String text) {
        assertThatThrownBy(() -> TargetUrl.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAHostOrUrlThatIsTooLong() {
        // Given
        String label = "a".repeat(63);
        String longest = String.join(".", label, label, label, "a".repeat(61));

        // Then
        assertThat(TargetUrl.parse("https://" + longest + "/").host()).isEqualTo(longest);
        assertThatThrownBy(() -> TargetUrl.parse("https://" + longest + "a/")).hasMessageContaining("253");
        assertThatThrownBy(() -> TargetUrl.parse("https://example.com/" + "a".repeat(TargetUrl.MAX_LENGTH)))
                .hasMessageContaining("4096");
        assertThatThrownBy(() -> TargetUrl.parse("https://a" + label + ".example/"))
                .hasMessageContaining("labels");
    }

    @Test
    void hidesPathAndQueryFromLogs() {
        assertThat(TargetUrl.parse("https://example.com/hook?token=hidden").toString())
                .isEqualTo("https://example.com");
    }
}
