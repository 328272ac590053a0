package io.posthorn.storage.rows;

/**
 * Numbers of enum constants in rows and keys. The order of the queue classes, {@code DeliveryState}, {@code Trigger} and
 * {@code WaitCause} is part of the format: new constants go to the end.
 */
public final class StoredEnum {
    private StoredEnum() {}

    /** The number of a constant. */
    @SuppressWarnings("EnumOrdinal") // see the class; a test pins the order
    public static int code(Enum<?> constant) {
        return constant.ordinal();
    }
}
