package io.posthorn.chaos.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param accepted messages answered with 202
 * @param promised their (message, endpoint) pairs
 * @param delivered distinct pairs that came
 * @param lost promised pairs that never came
 * @param repeated receipts beyond the first of their pair
 * @param allowed how many of them a disturbance excuses
 * @param refused requests answered with an error, by status
 * @param unanswered requests that got no answer and were repeated with their key
 * @param recoveries from the beginning of each mending to the first event accepted and delivered after it
 * @param broken every rule that did not hold; empty: passed
 * @param remarks what the fault has to say beside
 * @param skipped why it was not run; empty when it was
 */
public record Result(
        String fault,
        Engine engine,
        String mustHold,
        int accepted,
        int promised,
        int delivered,
        int lost,
        long repeated,
        int allowed,
        Map<Integer, Long> refused,
        long unanswered,
        List<Duration> recoveries,
        List<String> broken,
        List<String> remarks,
        String skipped) {
    /** Not run, and why. */
    static Result skipped(Fault fault, Engine engine, String why) {
        return new Result(
                fault.name(),
                engine,
                fault.mustHold(),
                0,
                0,
                0,
                0,
                0,
                0,
                Map.of(),
                0,
                List.of(),
                List.of(),
                List.of(),
                why);
    }

    /** Whether it ran. */
    public boolean ran() {
        return skipped.isEmpty();
    }

    /** Whether every rule held; a run that was skipped has broken none. */
    public boolean passed() {
        return broken.isEmpty();
    }

    /** The longest of the recoveries; zero when there was none. */
    public Duration slowestRecovery() {
        return recoveries.stream().reduce(Duration.ZERO, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }
}
