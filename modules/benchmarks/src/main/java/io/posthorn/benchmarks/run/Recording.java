package io.posthorn.benchmarks.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import jdk.management.jfr.FlightRecorderMXBean;

/**
 * Java Flight Recorder at work in another process of this machine: stacks of its threads, and samples of what they
 * allocate. Costs the process some of its time while it runs.
 */
public final class Recording {
    /** A period that the recorder cannot keep up with becomes longer by itself. */
    private static final Map<String, String> SETTINGS = Map.of(
            "jdk.ExecutionSample#enabled", "true",
            "jdk.ExecutionSample#period", "5 ms",
            "jdk.NativeMethodSample#enabled", "true",
            "jdk.NativeMethodSample#period", "5 ms",
            "jdk.ObjectAllocationSample#enabled", "true",
            "jdk.ObjectAllocationSample#throttle", "1000/s");

    private static final String DEPTH = "stackdepth=128";

    private final FlightRecorderMXBean recorder;
    private final long id;

    private Recording(FlightRecorderMXBean recorder, long id) {
        this.recorder = recorder;
        this.id = id;
    }

    /** Begins one. */
    static Recording start(MBeanServerConnection process) throws IOException {
        try {
            // Stacks of Vert.x and Netty are deeper than the usual 64. Takes effect before the first recording only.
            Object unused = process.invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "jfrConfigure",
                    new Object[] {new String[] {DEPTH}},
                    new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IOException("the flight recorder cannot be configured", e);
        }
        FlightRecorderMXBean recorder = ManagementFactory.newPlatformMXBeanProxy(
                process, FlightRecorderMXBean.MXBEAN_NAME, FlightRecorderMXBean.class);
        long id = recorder.newRecording();
        recorder.setRecordingSettings(id, SETTINGS);
        recorder.startRecording(id);
        return new Recording(recorder, id);
    }

    /** Ends it, and writes it to that file, which may be there already. */
    public void stop(Path file) throws IOException {
        boolean unused = recorder.stopRecording(id);
        recorder.copyTo(id, file.toString());
        recorder.closeRecording(id);
    }
}
