package io.posthorn.contract;

import java.time.Instant;

/** How the rate limiter, the circuit breaker and people act on the queue of an endpoint, for the whole cluster. */
public sealed interface QueueControl {
    /** The endpoint's application. */
    ApplicationId application();

    /** The endpoint. */
    EndpointId endpoint();

    /**
     * The whole queue waits until then. A later time replaces an earlier one, never the other way round.
     *
     * @param firstBatch the most deliveries handed out by the first claim afterwards; at least 1
     */
    record Park(ApplicationId application, EndpointId endpoint, Instant until, WaitCause cause, int firstBatch)
            implements QueueControl {
        public Park {
            if (firstBatch < 1) {
                throw new IllegalArgumentException("firstBatch must be >= 1: " + firstBatch);
            }
        }
    }

    /**
     * At most this many deliveries of the endpoint are in flight at a time, on all nodes together; so many are let
     * in until its answers tell otherwise.
     */
    record Limit(ApplicationId application, EndpointId endpoint, int inFlight) implements QueueControl {
        public Limit {
            if (inFlight < 1) {
                throw new IllegalArgumentException("inFlight must be >= 1: " + inFlight);
            }
        }
    }

    /** The circuit of the endpoint becomes this one, where the store knows the version before it. */
    record SetCircuit(ApplicationId application, EndpointId endpoint, Circuit circuit) implements QueueControl {}

    /** A parked queue goes on at once. */
    record Resume(ApplicationId application, EndpointId endpoint) implements QueueControl {}
}
