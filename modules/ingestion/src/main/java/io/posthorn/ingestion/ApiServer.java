package io.posthorn.ingestion;

import io.posthorn.bus.Deadline;
import io.posthorn.config.IngestionConfig;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP edge: finds the operation, authenticates, reads the body, runs the operation and writes its answer or its
 * error. One instance an event loop.
 */
final class ApiServer {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    private final IngestionConfig config;
    private final Authentication authentication;
    private final PendingGate gate;
    private final RequestLimits limits;
    private final IngestionMetrics metrics;
    private final BodyDeadline bodyDeadline;

    ApiServer(
            IngestionConfig config,
            Authentication authentication,
            Admission admission,
            IngestionMetrics metrics,
            BodyDeadline bodyDeadline) {
        this.config = config;
        this.authentication = authentication;
        this.gate = admission.pending();
        this.limits = admission.requests();
        this.metrics = metrics;
        this.bodyDeadline = bodyDeadline;
    }

    /** Puts the operations of the table into a router. */
    void mount(Router router, RouteTable table) {
        router.route().handler(this::prepare);
        for (RouteTable.Entry entry : table.entries()) {
            router.route(entry.method(), RouteTable.PREFIX + entry.path()).handler(context -> handle(context, entry));
        }
        router.errorHandler(404, context -> refuse(context, ErrorCode.NOT_FOUND, "there is no such path"));
        router.errorHandler(
                405, context -> refuse(context, ErrorCode.METHOD_NOT_ALLOWED, "this path has no such method"));
        router.errorHandler(400, context -> refuse(context, ErrorCode.GENERIC, "the request cannot be read"));
        router.errorHandler(500, context -> fail(context, failureOf(context)));
    }

    private void prepare(RoutingContext context) {
        ResponseHeaders.set(context.request(), context.response());
        String path = context.request().path();
        if (ResponseHeaders.isPreflight(context.request())) {
            ResponseHeaders.answerPreflight(context.request(), context.response());
        } else if (path.length() > 1 && path.endsWith("/")) {
            String query = context.request().query();
            context.reroute(context.request().method(), trimmed(path) + (query == null ? "" : "?" + query));
        } else {
            context.next();
        }
    }

    private void handle(RoutingContext context, RouteTable.Entry entry) {
        long start = System.nanoTime();
        boolean counted = false;
        try {
            Caller caller = callerOf(context, entry.access());
            if (entry.counted()) {
                gate.enter();
                counted = true;
            }
            answer(context, entry, caller, start);
        } catch (RuntimeException e) {
            if (counted) {
                gate.leave();
            }
            fail(context, e);
        }
    }

    private void answer(RoutingContext context, RouteTable.Entry entry, @Nullable Caller caller, long start) {
        Deadline deadline = Deadline.after(config.requestTimeout());
        BodyReader reader = reader(context.request());
        Future<Buffer> whole = reader == null ? Future.succeededFuture(Buffer.buffer()) : reader.body();
        whole.compose(body -> {
                    requireJson(context.request(), body);
                    return entry.operation().answer(exchange(context, caller, body, deadline));
                })
                .onComplete(result -> {
                    if (reader != null) {
                        reader.release();
                    }
                    if (entry.counted()) {
                        gate.leave();
                        if (result.failed() || !result.result().storesNothing()) {
                            metrics.answered(System.nanoTime() - start, result.failed() ? result.cause() : null);
                        }
                    }
                    if (result.succeeded()) {
                        write(context, result.result());
                    } else {
                        fail(context, result.cause());
                    }
                });
    }

    private @Nullable Caller callerOf(RoutingContext context, Access access) {
        if (access == Access.OPEN) {
            return null;
        }
        @Nullable String authorization = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        Caller caller = authentication.authenticate(authorization);
        count(authorization, context);
        if (access == Access.ORGANIZATION && !caller.isOrganization()) {
            throw new PosthornException(
                    ErrorCode.INSUFFICIENT_ACCESS, "this needs the token of an organization, not of an application");
        }
        return caller;
    }

    /** Counts a request whose token was found good. */
    private void count(@Nullable String authorization, RoutingContext context) {
        RequestLimits.Standing standing =
                authorization == null ? null : limits.count(Authentication.tokenIn(authorization));
        if (standing == null) {
            return;
        }
        ResponseHeaders.setStanding(context.response(), standing);
        if (!standing.admitted()) {
            throw new PosthornException(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "this token has made its " + standing.limit() + " requests of " + standing.windowSeconds()
                            + " s; try again in " + standing.resetSeconds() + " s");
        }
    }

    /** Begins to read the body; null where the method has none. */
    private @Nullable BodyReader reader(HttpServerRequest request) {
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            return null;
        }
        BodyReader reader = BodyReader.read(request, config.maxBodyBytes(), gate);
        bodyDeadline.watch(reader);
        return reader;
    }

    private static void requireJson(HttpServerRequest request, Buffer body) {
        if (body.length() == 0) {
            return;
        }
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        String mediaType = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        if (!mediaType.equals("application/json") && !mediaType.endsWith("+json")) {
            throw new PosthornException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "a body is sent with content-type application/json");
        }
    }

    private static Exchange exchange(RoutingContext context, @Nullable Caller caller, Buffer body, Deadline deadline) {
        HttpServerRequest request = context.request();
        String authority =
                request.authority() == null ? "localhost" : request.authority().toString();
        return new Exchange(
                request.scheme() + "://" + authority,
                context.normalizedPath(),
                context.pathParams(),
                context.queryParams(),
                request.headers(),
                caller,
                body,
                deadline);
    }

    private static String trimmed(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private static Throwable failureOf(RoutingContext context) {
        return context.failure() == null ? new IllegalStateException("a route failed") : context.failure();
    }

    private void refuse(RoutingContext context, ErrorCode code, String text) {
        fail(context, new PosthornException(code, text));
    }

    private void fail(RoutingContext context, Throwable failure) {
        String requestId = ResponseHeaders.requestId(context.response());
        metrics.rejected(ErrorResponses.codeOf(failure));
        write(context, ErrorResponses.of(failure, requestId));
    }

    private static void write(RoutingContext context, Reply reply) {
        LOG.debug("{} {} -> {}", context.request().method(), context.request().path(), reply.status());
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        context.response().setStatusCode(reply.status());
        ResponseHeaders.setForReply(context.response(), reply);
        Future<Void> sent = reply.body() == null
                ? context.response().end()
                : context.response().end(reply.body());
        sent.onFailure(cause -> LOG.debug("the client went away before its answer", cause));
    }
}
