package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One move, killed at random moments and begun again. How long it takes differs by machine, so each run lives longer than
 * the one before, until one has moved and noted everything; that one is killed before it could say so.
 */
final class KilledMove {
    /** What it says when all is in the target, durably, and that is noted there. */
    private static final String ENDED = "items are in";

    private static final double FIRST_MILLIS = 600;
    private static final double GROWTH = 1.5;
    private static final int MOST_RUNS = 50;

    private final String from;
    private final String to;
    private final Random random;
    private final List<String> kills = new ArrayList<>();

    /**
     * A move that is not begun yet.
     *
     * @param random says when it is killed
     */
    KilledMove(String from, String to, Random random) {
        this.from = from;
        this.to = to;
        this.random = random;
    }

    /** A line for each kill: when it came, and what that run had said at first and at last. */
    List<String> kills() {
        return kills;
    }

    /** Kills run after run, at least so many, the last of them when it has moved everything. */
    void killAgainAndAgain(int least) throws IOException, InterruptedException {
        double most = FIRST_MILLIS;
        boolean killedAtItsEnd = false;
        for (int run = 0; !killedAtItsEnd || kills.size() < least; run++) {
            assertThat(run).as("runs: %s", kills).isLessThan(MOST_RUNS);
            PosthornCommand move = PosthornCommand.startMortal(ENDED, arguments());
            long millis = (long) (most * random.nextDouble(0.6, 1.0));
            boolean killedInTime = move.killAfterFirstLine(millis);
            PosthornCommand.Result end = move.result();
            boolean through = end.output().contains(ENDED);
            assertThat(killedInTime || through).as(end.output()).isTrue();
            // One that was through and gone before its killer came is given again: it recounts, and says the same.
            killedAtItsEnd = through && end.exitCode() != 0;
            if (end.exitCode() != 0) {
                List<String> lines = end.output().lines().toList();
                kills.add((through ? "at its end: " : "after " + millis + " ms: ")
                        + lines.get(0)
                        + (through ? " / " + lines.get(lines.size() - 1) : ""));
            }
            most *= GROWTH;
        }
    }

    /** Lets it end; answers what it says. */
    String end() throws IOException, InterruptedException {
        return PosthornCommand.run(Map.of(), arguments()).expect(0).output();
    }

    private String[] arguments() {
        return new String[] {"migrate", "--from", from, "--to", to};
    }
}
