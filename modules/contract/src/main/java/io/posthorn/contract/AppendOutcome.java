package io.posthorn.contract;

/** What became of an event that was handed over. */
public sealed interface AppendOutcome {
    /**
     * Stored, with one delivery for each matching endpoint.
     *
     * @param deliveries how many endpoints will get it
     */
    record Appended(Message message, int deliveries) implements AppendOutcome {}

    /** The same request was accepted before; this is the message it made. */
    record Repeated(Message message) implements AppendOutcome {}

    /** Another message of the application has this eventId. */
    record EventIdTaken(String eventId) implements AppendOutcome {}

    /** The idempotency key was used before with another body. */
    record KeyReused() implements AppendOutcome {}

    /** There is no such application, or no such endpoint where one was named. */
    record NoSuchApplication() implements AppendOutcome {}

    /** Not stored: the application is not known here, and the store that may know it cannot be used now. */
    record NotNow() implements AppendOutcome {}
}
