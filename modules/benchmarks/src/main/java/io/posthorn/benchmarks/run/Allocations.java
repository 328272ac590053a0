package io.posthorn.benchmarks.run;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.posthorn.testkit.process.RunFailed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * What another Java process tells over its local management agent: how many bytes its threads have allocated, and what
 * its flight recorder sees.
 */
final class Allocations implements AutoCloseable {
    private final JMXConnector connector;
    private final ThreadMXBean threads;

    private Allocations(JMXConnector connector) throws IOException {
        this.connector = connector;
        this.threads = ManagementFactory.newPlatformMXBeanProxy(
                connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
    }

    /** Connects to a process of the same user. */
    @SuppressWarnings("BanJNDI") // the address is that of a process which the benchmarks started themselves
    static Allocations of(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                JMXServiceURL url = new JMXServiceURL(machine.startLocalManagementAgent());
                return new Allocations(JMXConnectorFactory.connect(url));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new RunFailed("cannot attach to process " + pid, e);
        }
    }

    /** By the threads that live now, since they began; threads that come and go in between are missed. */
    long bytes() {
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    /** Starts the flight recorder of that process. */
    Recording record() throws IOException {
        return Recording.start(connector.getMBeanServerConnection());
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
