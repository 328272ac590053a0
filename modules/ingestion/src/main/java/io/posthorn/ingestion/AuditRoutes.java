package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AuditReport;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;

/** {@code /audit}: has the store recounted, and shows what the last recount found. */
final class AuditRoutes {
    private static final String AUDIT = "/audit";

    private final Bus bus;

    AuditRoutes(Bus bus) {
        this.bus = bus;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.POST, AUDIT, Access.ORGANIZATION, this::start)
                .add(HttpMethod.GET, AUDIT, Access.ORGANIZATION, this::get);
    }

    private Future<Reply> start(Exchange exchange) {
        Fields fields = exchange.optionalFields();
        boolean repair = fields.flagOr("repair", false);
        fields.end();
        return bus.request(
                        Addresses.AUDIT_START,
                        new AuditReport.Start(repair),
                        exchange.deadline().forNested())
                .map(progress -> Reply.of(202, AuditJson.write(progress)));
    }

    private Future<Reply> get(Exchange exchange) {
        return bus.request(
                        Addresses.AUDIT,
                        new AuditReport.Ask(),
                        exchange.deadline().forNested())
                .map(progress -> Reply.of(200, AuditJson.write(progress)));
    }
}
