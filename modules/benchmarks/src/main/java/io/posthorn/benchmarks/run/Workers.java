package io.posthorn.benchmarks.run;

import io.posthorn.benchmarks.load.GeneratorMain;
import io.posthorn.benchmarks.load.ReceiverMain;
import java.io.IOException;
import java.util.List;

/** The benchmarks' own processes; they serve case after case, so that they are warm. */
public final class Workers implements AutoCloseable {
    private final Worker receiver;
    private final Worker generator;
    private final Worker bare;
    private final Thread orphans = new Thread(this::end, "bench-end");

    /** Starts receiver, generator and bare loop, the latter two on so many event loops. */
    public Workers(int loops) throws IOException {
        this.receiver = new Worker("receiver", ReceiverMain.class, 1);
        this.generator = new Worker("generator", GeneratorMain.class, loops);
        this.bare = new Worker("bare loop", GeneratorMain.class, loops);
        Runtime.getRuntime().addShutdownHook(orphans);
    }

    Worker receiver() {
        return receiver;
    }

    Worker generator() {
        return generator;
    }

    Worker bare() {
        return bare;
    }

    /** With this process, which watches them. */
    List<Long> pids() {
        return List.of(
                receiver.pid(),
                generator.pid(),
                bare.pid(),
                ProcessHandle.current().pid());
    }

    private void end() {
        receiver.close();
        generator.close();
        bare.close();
    }

    @Override
    public void close() {
        end();
        boolean unused = Runtime.getRuntime().removeShutdownHook(orphans);
    }
}
