package io.posthorn.dispatch;

import io.vertx.core.Future;
import java.util.List;

/** Looks names up. */
interface NameResolver {
    /**
     * All IPv4 and IPv6 addresses of a name.
     *
     * @return never fails in time longer than the configured one; fails with {@link UnknownName} when there is none
     */
    Future<List<String>> addressesOf(String name);

    /** A name has no address, or nobody answered. Made without a stack trace. */
    final class UnknownName extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownName(String text) {
            super(text, null, false, false);
        }
    }
}
