package io.posthorn.bus;

import io.vertx.core.Future;

/** What answers requests at an address. Called on the context that served it. */
@FunctionalInterface
public interface Service<Q, R> {
    /**
     * Answers one request. A throw, a failed future and null all reach the caller at once as a typed failure.
     *
     * @param deadline when the caller stops waiting; requests made on its behalf take {@link Deadline#forNested()}
     */
    Future<R> answer(Q request, Deadline deadline);
}
