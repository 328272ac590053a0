package io.posthorn.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void acceptsTextOfAnyLength() {
        assertThat(isValid(new byte[0])).isTrue();
        assertThat(isValid("plain".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(isValid("é😀".repeat(10_000).getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }

    @Test
    void refusesOverlongFormsSurrogatesAndCutOffs() {
        assertThat(isValid(new byte[] {(byte) 0xc1, (byte) 0xbf})).isFalse();
        assertThat(isValid(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})).isFalse();
        assertThat(isValid(new byte[] {'a', (byte) 0xe2, (byte) 0x82})).isFalse();
        assertThat(isValid(new byte[] {(byte) 0xff})).isFalse();
    }

    private static boolean isValid(byte[] bytes) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        longer[bytes.length] = (byte) 0xff;
        return Utf8.isValid(longer, bytes.length);
    }
}
