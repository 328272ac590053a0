package io.posthorn.app;

import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * How sockets are used: by Linux's epoll where its library loads, which takes about a tenth less of the processors than
 * Java's own way (docs/performance.md); else by Java's own way, with which everything works too.
 */
final class Transports {
    private Transports() {}

    /** The best one that this machine has. */
    static Transport best() {
        return best(Transport.EPOLL);
    }

    /** @param wanted null where its classes are missing */
    static Transport best(@Nullable Transport wanted) {
        return wanted != null && wanted.available() ? wanted : Transport.NIO;
    }
}
