package io.posthorn.storage.local;

/** The parts of the ordered map. Ids in keys are their 27 characters without prefix, so that byte order is time order. */
enum Table {
    /** Name to value: reserved fences. */
    META,
    /** Applications, endpoints, event types and their names; see {@link Keys}. */
    DIRECTORY,
    /** application, message: the message with its payload and the endpoints it went to. */
    MESSAGE,
    /** application, eventId: message. */
    EVENT_ID,
    /** day, digest: what the request with that key made. */
    IDEMPOTENCY,
    /** endpoint, class, due, message: attempts and trigger. One row for each delivery that has not ended. */
    QUEUE,
    /** endpoint, message: the delivery's state. Without a row it waits for its first attempt since it was appended. */
    DELIVERY,
    /** message, attempt: the attempt. */
    ATTEMPT,
    /** endpoint, attempt: message. */
    ATTEMPT_OF_ENDPOINT,
    /** fence: the deliveries claimed under it, and until when. */
    LEASE,
    /** endpoint: its counts, and until when it is parked. */
    LEDGER,
    /** kind, hour, owner, hour of the rows: what ends when; see {@link ExpiryIndex}. */
    EXPIRY,
    /** Background tasks, which of them run, and when the others ended; see {@link TaskKeys}. */
    TASK
}
