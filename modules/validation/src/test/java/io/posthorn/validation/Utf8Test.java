package io.posthorn.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void acceptsTextOfAnyLength() {
        assertThat(Utf8.isValid(new byte[0])).isTrue();
        assertThat(Utf8.isValid("plain".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(Utf8.isValid("é😀".repeat(10_000).getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }

    @Test
    void refusesOverlongFormsSurrogatesAndCutOffs() {
        assertThat(Utf8.isValid(new byte[] {(byte) 0xc1, (byte) 0xbf})).isFalse();
        assertThat(Utf8.isValid(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}))
                .isFalse();
        assertThat(Utf8.isValid(new byte[] {'a', (byte) 0xe2, (byte) 0x82})).isFalse();
        assertThat(Utf8.isValid(new byte[] {(byte) 0xff})).isFalse();
    }
}
