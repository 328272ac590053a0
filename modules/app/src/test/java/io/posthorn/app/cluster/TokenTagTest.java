package io.posthorn.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Secret;
import org.junit.jupiter.api.Test;

class TokenTagTest {
    private static final Secret SECRET = new Secret("0123456789012345678901234567890123456789");

    @Test
    void isTheSameExactlyWhereSecretAndKeyAre() {
        String tag = TokenTag.of(SECRET, null);

        assertThat(TokenTag.of(new Secret(SECRET.value()), null)).isEqualTo(tag);
        assertThat(TokenTag.of(new Secret(SECRET.value() + "0"), null)).isNotEqualTo(tag);
        assertThat(TokenTag.of(SECRET, "key")).isNotEqualTo(tag);
        assertThat(tag).hasSize(16).doesNotContain(SECRET.value().substring(0, 8));
    }
}
