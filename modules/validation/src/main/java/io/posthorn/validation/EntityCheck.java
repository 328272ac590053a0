package io.posthorn.validation;

import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Entity;
import io.posthorn.contract.EventType;
import io.posthorn.contract.Problem;
import io.posthorn.contract.TargetUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checks applications, endpoints and event types; all problems at once. */
final class EntityCheck {
    private static final int MAX_TEXT = 4_096;
    private static final int MAX_CHANNELS = 10;
    private static final int MAX_EVENT_TYPES = 1_000;

    private final boolean httpsOnly;
    private final EventSchemas schemas;

    EntityCheck(ValidationConfig config, EventSchemas schemas) {
        this.httpsOnly = config.httpsOnly();
        this.schemas = schemas;
    }

    List<Problem> check(Entity entity) {
        List<Problem> problems = new ArrayList<>();
        if (entity instanceof Application application) {
            checkApplication(application, problems);
        } else if (entity instanceof Endpoint endpoint) {
            checkEndpoint(endpoint, problems);
        } else if (entity instanceof EventType type) {
            checkEventType(type, problems);
        }
        return problems;
    }

    private static void checkApplication(Application application, List<Problem> problems) {
        FieldRules.line(application.name(), 1, FieldRules.MAX_NAME, problems, "body", "name");
        FieldRules.uid(application.uid(), ApplicationId.PREFIX, problems, "body", "uid");
        FieldRules.rate(application.throttleRate(), problems);
        FieldRules.metadata(application.metadata(), problems);
    }

    private void checkEndpoint(Endpoint endpoint, List<Problem> problems) {
        checkUrl(endpoint.url(), problems);
        FieldRules.text(endpoint.description(), MAX_TEXT, problems, "body", "description");
        FieldRules.uid(endpoint.uid(), EndpointId.PREFIX, problems, "body", "uid");
        FieldRules.rate(endpoint.throttleRate(), problems);
        FieldRules.metadata(endpoint.metadata(), problems);
        checkNames(endpoint.eventTypes(), MAX_EVENT_TYPES, FieldRules.MAX_NAME, "eventTypes", problems);
        checkNames(endpoint.channels(), MAX_CHANNELS, FieldRules.MAX_CHANNEL, "channels", problems);
        HeaderRules.check(endpoint.headers(), problems);
        AuthRules.check(endpoint, httpsOnly, problems);
    }

    private void checkUrl(String url, List<Problem> problems) {
        try {
            TargetUrl target = TargetUrl.parse(url);
            if (httpsOnly && !target.isSsl()) {
                problems.add(Problem.value("a URL with https was expected", "body", "url"));
            }
        } catch (IllegalArgumentException e) {
            problems.add(Problem.value(String.valueOf(e.getMessage()), "body", "url"));
        }
    }

    private static void checkNames(
            @org.jspecify.annotations.Nullable Set<String> names,
            int most,
            int longest,
            String field,
            List<Problem> problems) {
        if (names == null) {
            return;
        }
        if (names.isEmpty() || names.size() > most) {
            problems.add(Problem.value("1 to " + most + " names, or null for all, were expected", "body", field));
        }
        for (String name : names) {
            if (!FieldRules.isSafeName(name, longest)) {
                FieldRules.safeName(name, longest, problems, "body", field);
                return;
            }
        }
    }

    private void checkEventType(EventType type, List<Problem> problems) {
        FieldRules.safeName(type.name(), FieldRules.MAX_NAME, problems, "body", "name");
        FieldRules.text(type.description(), MAX_TEXT, problems, "body", "description");
        if (type.featureFlag() != null) {
            FieldRules.safeName(type.featureFlag(), FieldRules.MAX_NAME, problems, "body", "featureFlag");
        }
        if (type.schemas() != null) {
            problems.addAll(schemas.problemsOf(type.schemas()));
        }
    }
}
