package io.posthorn.ingestion;

import io.vertx.core.Future;

/** What one route does. Called on the event loop of the request, which it must not block. */
@FunctionalInterface
interface Operation {
    /** Completes with the answer; a throw or a failed future becomes an error body. */
    Future<Reply> answer(Exchange exchange);
}
