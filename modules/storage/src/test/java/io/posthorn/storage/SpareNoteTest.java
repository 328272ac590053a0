package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.storage.api.Transfer;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SpareNoteTest {
    private static final Instant AT = Instant.parse("2030-01-01T00:00:00.123Z");

    @Test
    void comesBackAsItWasWritten() {
        for (SpareNote note : new SpareNote[] {
            new SpareNote(false, AT), new SpareNote(true, AT), new SpareNote(true, null), new SpareNote(false, null)
        }) {
            assertThat(SpareNote.of(note.mark("primary"))).isEqualTo(note);
        }
    }

    @Test
    void isNothingInAStoreThatWasNeverASpare() {
        assertThat(SpareNote.of(null)).isEqualTo(new SpareNote(false, null));
        assertThat(SpareNote.of(Transfer.Mark.underWay("another store", "cursor", 7)))
                .isEqualTo(new SpareNote(false, null));
    }
}
