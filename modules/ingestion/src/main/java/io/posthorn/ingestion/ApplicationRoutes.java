package io.posthorn.ingestion;

import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Removal;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** {@code /app}: the applications of an organisation. */
final class ApplicationRoutes {
    static final String ONE = "/app/:app_id";

    private final Catalogue catalogue;
    private final InstantSource clock;

    ApplicationRoutes(Catalogue catalogue, InstantSource clock) {
        this.catalogue = catalogue;
        this.clock = clock;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, "/app", Access.ORGANIZATION, this::list)
                .add(HttpMethod.POST, "/app", Access.ORGANIZATION, this::create)
                .add(HttpMethod.GET, ONE, Access.APPLICATION, this::get)
                .add(HttpMethod.PUT, ONE, Access.ORGANIZATION, this::put)
                .add(HttpMethod.PATCH, ONE, Access.ORGANIZATION, this::patch)
                .add(HttpMethod.DELETE, ONE, Access.ORGANIZATION, this::delete);
    }

    private Future<Reply> list(Exchange exchange) {
        Query query = exchange.query();
        PageRequest page = query.page(true, true, ApplicationId::isValid);
        query.end();
        OrganizationId organization = exchange.requireCaller().organization();
        return catalogue
                .list(new StorageQuery.ListEntities.Applications(organization, page), exchange.deadline())
                .map(found -> Paging.reply(
                        found.items().stream().map(Application.class::cast).toList(),
                        found.done(),
                        application -> application.id().value(),
                        ApplicationJson::write));
    }

    private Future<Reply> create(Exchange exchange) {
        Query query = exchange.query();
        boolean getIfExists = query.flag("get_if_exists", false);
        query.end();
        OrganizationId organization = exchange.requireCaller().organization();
        ApplicationJson.In in = ApplicationJson.read(exchange.fields());
        Application wanted = in.create(organization, clock.instant());
        String uid = in.uid();
        return catalogue
                .save(wanted, exchange.idempotencyKey(), exchange.deadline())
                .compose(outcome -> getIfExists && uid != null && outcome instanceof SaveOutcome.NameTaken
                        ? catalogue
                                .application(organization, uid, exchange.deadline())
                                .map(existing -> reply(200, existing))
                        : Catalogue.stored(outcome, Application.class).map(stored -> reply(201, stored)));
    }

    private Future<Reply> get(Exchange exchange) {
        return catalogue.application(exchange).map(found -> reply(200, found));
    }

    private Future<Reply> put(Exchange exchange) {
        ApplicationJson.In in = ApplicationJson.read(exchange.fields());
        String reference = exchange.pathParameter("app_id");
        return catalogue
                .change(
                        () -> catalogue.application(exchange),
                        old -> in.replace(old, keptUid(reference, old.uid()), clock.instant()),
                        Application.class,
                        exchange.deadline())
                .map(stored -> reply(200, stored))
                .recover(failure -> Catalogue.isNotFound(failure)
                        ? createAt(exchange, in, reference)
                        : Future.failedFuture(failure));
    }

    private Future<Reply> createAt(Exchange exchange, ApplicationJson.In in, String reference) {
        ApplicationJson.In named =
                in.uid() == null && !reference.startsWith(ApplicationId.PREFIX) ? in.withUid(reference) : in;
        Application wanted = named.create(exchange.requireCaller().organization(), clock.instant());
        return catalogue
                .create(wanted, Application.class, null, exchange.deadline())
                .map(stored -> reply(201, stored));
    }

    /** A PUT that names the application by its uid and says nothing of it leaves it as it is. */
    private static @Nullable String keptUid(String reference, @Nullable String uid) {
        return reference.equals(uid) ? uid : null;
    }

    private Future<Reply> patch(Exchange exchange) {
        Fields fields = exchange.fields();
        return catalogue
                .change(
                        () -> catalogue.application(exchange),
                        old -> ApplicationJson.patch(fields, old, clock.instant()),
                        Application.class,
                        exchange.deadline())
                .map(stored -> reply(200, stored));
    }

    private Future<Reply> delete(Exchange exchange) {
        return catalogue
                .application(exchange)
                .compose(found -> catalogue.remove(
                        new Removal.OfApplication(found.organization(), found.id()), exchange.deadline()))
                .map(done -> Reply.noContent());
    }

    private static Reply reply(int status, Application application) {
        return Reply.of(status, ApplicationJson.write(application));
    }
}
