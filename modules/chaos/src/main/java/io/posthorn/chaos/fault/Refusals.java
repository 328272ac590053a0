package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.process.Programs;
import java.util.Optional;

/** What a refused start must look like: exit code 1 and one line that says why. */
final class Refusals {
    private static final String PREFIX = "posthorn: ";

    private Refusals() {}

    static void expect(Scene scene, Programs.Ended start, String reason) {
        scene.rule(start.code() == 1, "the start should have been refused, but ended with " + start.code());
        Optional<String> line =
                start.output().lines().filter(one -> one.startsWith(PREFIX)).findFirst();
        scene.rule(
                line.filter(text -> text.contains(reason)).isPresent(),
                "the refusal does not say \"" + reason + "\": " + start.output());
        line.ifPresent(text -> scene.remark("refused: " + text.substring(PREFIX.length())));
    }
}
