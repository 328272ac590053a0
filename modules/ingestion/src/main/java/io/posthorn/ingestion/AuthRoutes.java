package io.posthorn.ingestion;

import io.posthorn.contract.Application;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Problem;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.Secret;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /auth}: tokens for applications. */
final class AuthRoutes {
    private static final Duration VALIDITY = Duration.ofDays(28);

    private final Catalogue catalogue;
    private final @Nullable Secret secret;
    private final InstantSource clock;

    /** @param secret signs tokens; where it is null, tokens are made elsewhere and these operations say so */
    AuthRoutes(Catalogue catalogue, @Nullable Secret secret, InstantSource clock) {
        this.catalogue = catalogue;
        this.secret = secret;
        this.clock = clock;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.POST, "/auth/app-portal-access/:app_id", Access.ORGANIZATION, this::portalAccess)
                .add(HttpMethod.POST, "/auth/dashboard-access/:app_id", Access.ORGANIZATION, this::dashboardAccess)
                .add(
                        HttpMethod.POST,
                        "/auth/logout",
                        Access.APPLICATION,
                        exchange -> Future.succeededFuture(Reply.noContent()));
    }

    private Future<Reply> portalAccess(Exchange exchange) {
        Fields fields = exchange.optionalFields();
        Set<String> flags = fields.texts("featureFlags");
        JsonObject inline = fields.object("application");
        fields.end();
        return catalogue
                .application(exchange)
                .recover(failure -> inline != null && Catalogue.isNotFound(failure)
                        ? created(exchange, inline)
                        : Future.failedFuture(failure))
                .map(application -> access(exchange, application, flags == null ? Set.of() : flags));
    }

    private Future<Application> created(Exchange exchange, JsonObject inline) {
        ApplicationJson.In in = ApplicationJson.read(new Fields(inline));
        if (!exchange.pathParameter("app_id").equals(in.uid())) {
            throw new InvalidRequest(
                    Problem.value("the uid must be the one in the path", "body", "application", "uid"));
        }
        Application wanted = in.create(exchange.requireCaller().organization(), clock.instant());
        return catalogue
                .save(wanted, null, exchange.deadline())
                .compose(outcome -> outcome instanceof SaveOutcome.NameTaken
                        ? catalogue.application(exchange)
                        : Catalogue.stored(outcome, Application.class));
    }

    private Future<Reply> dashboardAccess(Exchange exchange) {
        return catalogue.application(exchange).map(application -> access(exchange, application, Set.of()));
    }

    private Reply access(Exchange exchange, Application application, Set<String> flags) {
        if (secret == null) {
            throw new PosthornException(
                    ErrorCode.NOT_IMPLEMENTED, "this server has no secret to sign tokens with, only a public key");
        }
        String token = TokenIssuer.applicationToken(
                secret, application.organization(), application.id(), flags, VALIDITY, clock.instant());
        String url = exchange.baseUrl() + RouteTable.PREFIX + "/app/"
                + application.id().value();
        return Reply.of(200, new JsonObject().put("url", url).put("token", token));
    }
}
