package io.posthorn.app;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.DoubleSupplier;

/**
 * How busy the processors that this process may use are, with all that runs on them: of the machine, or of the container
 * where one limits them. Java counts from one question to the next, whoever asks, so the first answer means nothing, nor
 * does one that follows another within a tick of 10 ms. It reads files of the kernel's, in memory:
 * some tenths of a millisecond. Any thread.
 */
final class ProcessorLoad implements DoubleSupplier {
    private final DoubleSupplier system;

    ProcessorLoad(DoubleSupplier system) {
        this.system = system;
    }

    /** Of this machine; always unknown on a Java that cannot tell. */
    static ProcessorLoad ofMachine() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean bean
                ? new ProcessorLoad(bean::getCpuLoad)
                : new ProcessorLoad(() -> Double.NaN);
    }

    /** 0 to 1 since the last question; NaN when it is not known. */
    @Override
    public double getAsDouble() {
        double load = system.getAsDouble();
        return load >= 0 ? Math.min(load, 1) : Double.NaN;
    }
}
