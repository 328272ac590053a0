package io.posthorn.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpFramesTest {
    private static final String TWO = "HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello"
            + "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";

    @Test
    void cutsMessagesWhereverTheirBytesAreTorn() {
        for (int cut = 0; cut <= TWO.length(); cut++) {
            HttpFrames frames = new HttpFrames();
            List<String> seen = new ArrayList<>();
            for (String part : List.of(TWO.substring(0, cut), TWO.substring(cut))) {
                frames.add(Buffer.buffer(part));
                while (frames.next()) {
                    seen.add(frames.status() + " " + body(frames));
                }
            }
            assertThat(seen).as("torn at %d", cut).containsExactly("202 hello", "503 ");
        }
    }

    @Test
    void takesByteAfterByte() {
        HttpFrames frames = new HttpFrames();
        int seen = 0;
        for (int i = 0; i < TWO.length(); i++) {
            frames.add(Buffer.buffer(TWO.substring(i, i + 1)));
            while (frames.next()) {
                seen++;
            }
        }
        assertThat(seen).isEqualTo(2);
    }

    @Test
    void aMessageWithoutALengthHasNoBody() {
        HttpFrames frames = new HttpFrames();
        frames.add(Buffer.buffer("HTTP/1.1 204 No Content\r\n\r\n"));

        assertThat(frames.next()).isTrue();
        assertThat(frames.status()).isEqualTo(204);
        assertThat(body(frames)).isEmpty();
    }

    @Test
    void refusesChunkedBodies() {
        HttpFrames frames = new HttpFrames();
        frames.add(Buffer.buffer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));

        assertThatThrownBy(frames::next).hasMessageContaining("chunked");
    }

    private static String body(HttpFrames frames) {
        return new String(frames.bytes(), frames.body(), frames.end() - frames.body(), StandardCharsets.US_ASCII);
    }
}
