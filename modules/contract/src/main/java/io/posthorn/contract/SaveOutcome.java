package io.posthorn.contract;

/** What became of an entity that was to be stored. */
public sealed interface SaveOutcome {
    /** Stored durably, as this. */
    record Saved(Entity entity) implements SaveOutcome {}

    /** The same request was done before; this is what it stored. */
    record Repeated(Entity entity) implements SaveOutcome {}

    /** Another entity of that place has this id, uid or name. */
    record NameTaken(String name) implements SaveOutcome {}

    /** It was changed or deleted by somebody else since it was read: read it again. */
    record Stale() implements SaveOutcome {}

    /** The idempotency key was used before with another body. */
    record KeyReused() implements SaveOutcome {}
}
