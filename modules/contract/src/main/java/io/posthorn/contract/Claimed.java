package io.posthorn.contract;

import java.util.List;

/** The answer to a claim; empty when nothing became due in time. */
public record Claimed(List<ClaimedDelivery> deliveries) {
    public Claimed {
        deliveries = Copies.list(deliveries);
    }
}
