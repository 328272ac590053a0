package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameScanTest {
    private static final int DATA = 0;
    private static final int SETTINGS = 4;
    private static final int PING = 6;

    private final FrameScan scan = new FrameScan();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 9, 10, 1000})
    void seesTheSameHoweverTheBytesAreCut(int piece) {
        // Given
        ByteBuf all = Unpooled.buffer();
        frame(all, SETTINGS, 0, 1, 0, 0, 16, 0, 0, 3, 0, 0, 0, 5);
        frame(all, DATA, new byte[300]);
        frame(all, DATA);
        frame(all, PING, new byte[8]);

        // When
        read(all, piece);

        // Then
        assertThat(scan.frames()).as("settings, empty data, ping").isEqualTo(3);
        assertThat(scan.bytes()).isEqualTo(4 * 9 + 12 + 300 + 8);
        assertThat(scan.isBegun()).isTrue();
        assertThat(scan.letsInNothing()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 1000})
    void firstSettingsWithoutAStreamLetInNothing(int piece) {
        ByteBuf all = Unpooled.buffer();
        frame(all, SETTINGS, 0, 3, 0, 0, 0, 0);
        read(all, piece);
        assertThat(scan.letsInNothing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    void onlyTheFirstSettingsAreRead(int piece) {
        ByteBuf all = Unpooled.buffer();
        frame(all, SETTINGS);
        frame(all, SETTINGS, 0, 3, 0, 0, 0, 0);
        read(all, piece);
        assertThat(scan.letsInNothing()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    void settingsThatAreNotWholeAreNoBeginning(int piece) {
        ByteBuf all = Unpooled.buffer();
        frame(all, SETTINGS, 0, 3, 0, 0, 0, 0);
        read(all.slice(0, all.readableBytes() - 1), piece);
        assertThat(scan.isBegun()).isFalse();
    }

    private void read(ByteBuf all, int piece) {
        for (int at = 0; at < all.readableBytes(); at += piece) {
            scan.read(all.slice(at, Math.min(piece, all.readableBytes() - at)));
        }
    }

    private static void frame(ByteBuf out, int type, int... payload) {
        byte[] bytes = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            bytes[i] = (byte) payload[i];
        }
        frame(out, type, bytes);
    }

    private static void frame(ByteBuf out, int type, byte[] payload) {
        out.writeMedium(payload.length).writeByte(type).writeByte(0).writeInt(0).writeBytes(payload);
    }
}
