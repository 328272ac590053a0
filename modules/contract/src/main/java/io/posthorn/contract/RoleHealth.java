package io.posthorn.contract;

import java.util.Comparator;
import java.util.List;

/**
 * How a role feels.
 *
 * @param role such as {@code storage}
 * @param checks at least one
 */
public record RoleHealth(String role, List<Check> checks) {
    public RoleHealth {
        checks = Copies.list(checks);
    }

    /** From best to worst. */
    public enum Status {
        HEALTHY,
        DEGRADED,
        UNHEALTHY
    }

    /**
     * One thing that was looked at.
     *
     * @param name such as {@code engine}
     * @param detail why it is not healthy, or what was seen; safe to show
     */
    public record Check(String name, Status status, String detail) {}

    /** The worst of the checks. */
    public Status status() {
        return checks.stream().map(Check::status).max(Comparator.naturalOrder()).orElse(Status.HEALTHY);
    }

    /** Asks a role; answered by {@link RoleHealth}. */
    public record Ask() {}
}
