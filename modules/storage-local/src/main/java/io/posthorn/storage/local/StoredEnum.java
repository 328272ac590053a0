package io.posthorn.storage.local;

/**
 * Numbers of enum constants in rows and keys. The order of {@link QueueClass}, {@code DeliveryState}, {@code Trigger} and
 * {@code WaitCause} is part of the format: new constants go to the end.
 */
final class StoredEnum {
    private StoredEnum() {}

    @SuppressWarnings("EnumOrdinal") // see the class; a test pins the order
    static int code(Enum<?> constant) {
        return constant.ordinal();
    }
}
