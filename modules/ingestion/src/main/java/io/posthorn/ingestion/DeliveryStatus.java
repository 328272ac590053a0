package io.posthorn.ingestion;

import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryState;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The status words of the API. A delivery that was tried and waits is sending; a cancelled one counts as failed,
 * since client libraries know no other number.
 */
enum DeliveryStatus {
    SUCCESS(0, DeliveryState.SUCCEEDED),
    PENDING(1, DeliveryState.WAITING),
    FAIL(2, DeliveryState.FAILED),
    SENDING(3, DeliveryState.WAITING);

    private final int number;
    private final DeliveryState state;

    DeliveryStatus(int number, DeliveryState state) {
        this.number = number;
        this.state = state;
    }

    static DeliveryStatus of(Delivery delivery) {
        return switch (delivery.state()) {
            case SUCCEEDED -> SUCCESS;
            case FAILED, CANCELLED -> FAIL;
            case IN_FLIGHT -> SENDING;
            case WAITING -> delivery.attempts() == 0 ? PENDING : SENDING;
        };
    }

    static DeliveryStatus of(boolean succeeded) {
        return succeeded ? SUCCESS : FAIL;
    }

    /** The status that is asked for in the query, or null. */
    static @Nullable DeliveryStatus asked(Query query) {
        Integer number = query.integer("status");
        if (number == null) {
            return null;
        }
        if (number < 0 || number >= values().length) {
            query.problem("expected a whole number from 0 to 3", "status");
            return null;
        }
        return values()[number];
    }

    int number() {
        return number;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    DeliveryState state() {
        return state;
    }

    /** {@code status}, {@code statusText} and {@code nextAttempt} of a delivery. */
    static JsonObject write(Delivery delivery) {
        DeliveryStatus status = of(delivery);
        boolean waits = delivery.state() == DeliveryState.WAITING && delivery.dueAt() != null;
        return new JsonObject()
                .put("status", status.number())
                .put("statusText", status.text())
                .put("nextAttempt", waits ? String.valueOf(delivery.dueAt()) : null);
    }
}
