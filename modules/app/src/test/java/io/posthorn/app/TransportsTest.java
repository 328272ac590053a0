package io.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.transport.Transport;
import org.junit.jupiter.api.Test;

class TransportsTest {
    @Test
    void linuxOnCommonProcessorsHasEpoll() {
        String processor = System.getProperty("os.arch");
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && (processor.equals("amd64") || processor.equals("aarch64")),
                "skipped: not Linux on x86-64 or ARM64");

        assertThat(Transports.best()).isSameAs(Transport.EPOLL);
    }

    @Test
    void withoutItsLibraryJavasOwnWayServes() {
        assertThat(Transports.best(null)).isSameAs(Transport.NIO);
    }
}
