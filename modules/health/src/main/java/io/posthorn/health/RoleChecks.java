package io.posthorn.health;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Asks the roles of this node how they are, one procedure a role. Verticle context. */
final class RoleChecks {
    private static final String STATUS = "status";
    private static final String CHECKS = "checks";
    private static final String DETAIL = "detail";
    private static final int MAX_TROUBLE = 300;

    private final HealthChecks procedures;
    private final Bus bus;
    private final Duration timeout;

    /**
     * What all roles say together.
     *
     * @param trouble each check that is not well, in a line of {@value #MAX_TROUBLE} characters at most; null when all are
     */
    record Report(
            RoleHealth.Status status,
            JsonObject checks,
            @Nullable String trouble) {}

    RoleChecks(Vertx vertx, Bus bus, Set<String> roles, Duration timeout) {
        this.procedures = HealthChecks.create(vertx);
        this.bus = bus;
        this.timeout = timeout;
        for (String role : roles) {
            // The procedure's own limit lies behind the request's, so that the request's reason is the one told.
            procedures.register(role, 2 * timeout.toMillis(), promise -> ask(role, promise));
        }
    }

    /** Completes with the worst status and every check; never fails. */
    Future<Report> report() {
        return procedures.checkStatus().map(RoleChecks::report);
    }

    private void ask(String role, Promise<Status> promise) {
        bus.requestHere(Addresses.healthOf(role), new RoleHealth.Ask(), Deadline.after(timeout))
                .onSuccess(health -> promise.complete(status(health)))
                .onFailure(cause -> promise.complete(Status.KO(data(
                        RoleHealth.Status.UNHEALTHY,
                        new JsonObject()
                                .put(
                                        "answer",
                                        check(RoleHealth.Status.UNHEALTHY, String.valueOf(cause.getMessage())))))));
    }

    private static Status status(RoleHealth health) {
        JsonObject checks = new JsonObject();
        health.checks().forEach(one -> checks.put(one.name(), check(one.status(), one.detail())));
        JsonObject data = data(health.status(), checks);
        return health.status() == RoleHealth.Status.UNHEALTHY ? Status.KO(data) : Status.OK(data);
    }

    private static JsonObject data(RoleHealth.Status status, JsonObject checks) {
        return new JsonObject().put(STATUS, status.name()).put(CHECKS, checks);
    }

    static JsonObject check(RoleHealth.Status status, String detail) {
        return new JsonObject().put(STATUS, lowerCase(status)).put(DETAIL, detail);
    }

    private static Report report(CheckResult result) {
        JsonObject checks = new JsonObject();
        RoleHealth.Status worst = RoleHealth.Status.HEALTHY;
        if (result.getChecks() != null) {
            for (CheckResult role : result.getChecks()) {
                JsonObject data = role.getData();
                boolean told = data != null && data.containsKey(STATUS);
                RoleHealth.Status status =
                        told ? RoleHealth.Status.valueOf(data.getString(STATUS)) : RoleHealth.Status.UNHEALTHY;
                worst = worst(worst, status);
                checks.put(role.getId(), told ? data.getJsonObject(CHECKS) : new JsonObject());
            }
        }
        return new Report(worst, checks, worst == RoleHealth.Status.HEALTHY ? null : trouble(checks));
    }

    private static String trouble(JsonObject checks) {
        StringJoiner all = new StringJoiner("; ");
        for (String role : checks.fieldNames()) {
            JsonObject ofRole = checks.getJsonObject(role);
            for (String name : ofRole.fieldNames()) {
                JsonObject one = ofRole.getJsonObject(name);
                if (!one.getString(STATUS).equals(lowerCase(RoleHealth.Status.HEALTHY))) {
                    all.add(role + " " + name + ": " + one.getString(DETAIL));
                }
            }
        }
        return all.length() > MAX_TROUBLE ? all.toString().substring(0, MAX_TROUBLE - 1) + "…" : all.toString();
    }

    static RoleHealth.Status worst(RoleHealth.Status one, RoleHealth.Status other) {
        return Comparator.<RoleHealth.Status>naturalOrder().compare(one, other) >= 0 ? one : other;
    }

    static String lowerCase(RoleHealth.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
