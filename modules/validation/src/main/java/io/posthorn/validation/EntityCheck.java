package io.posthorn.validation;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.EventType;
import io.posthorn.contract.Problem;
import io.posthorn.contract.TargetUrl;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says all that is wrong with an application, an endpoint or an event type. */
final class EntityCheck {
    private static final int MAX_TEXT = 4096;
    private final boolean httpsOnly;

    EntityCheck(boolean httpsOnly) {
        this.httpsOnly = httpsOnly;
    }

    List<Problem> check(Entity entity) {
        List<Problem> problems = new ArrayList<>();
        if (entity instanceof Application application) {
            FieldRules.text(application.name(), 1, 256, "name", problems);
            FieldRules.uid(application.uid(), "app_", "uid", problems);
            FieldRules.rate(application.throttleRate(), problems);
            FieldRules.metadata(application.metadata(), problems);
        } else if (entity instanceof Endpoint endpoint) {
            endpoint(endpoint, problems);
        } else if (entity instanceof EventType type) {
            if (!FieldRules.isName(type.name(), 256)) {
                problems.add(Problem.value(FieldRules.NAME, "body", "name"));
            }
            FieldRules.text(type.description(), 0, MAX_TEXT, "description", problems);
            schemas(type.schemas(), problems);
        }
        return problems;
    }

    private void endpoint(Endpoint endpoint, List<Problem> problems) {
        url(endpoint.url(), problems);
        FieldRules.text(endpoint.description(), 0, MAX_TEXT, "description", problems);
        FieldRules.uid(endpoint.uid(), "ep_", "uid", problems);
        FieldRules.rate(endpoint.throttleRate(), problems);
        FieldRules.metadata(endpoint.metadata(), problems);
        names(endpoint.eventTypes(), Integer.MAX_VALUE, 256, "eventTypes", problems);
        names(endpoint.channels(), 10, 128, "channels", problems);
        HeaderRules.check(endpoint.headers(), problems);
    }

    private void url(String text, List<Problem> problems) {
        try {
            if (!TargetUrl.parse(text).isSsl() && httpsOnly) {
                problems.add(Problem.value("expected an https URL", "body", "url"));
            }
        } catch (IllegalArgumentException e) {
            problems.add(Problem.value(String.valueOf(e.getMessage()), "body", "url"));
        }
    }

    private static void names(
            @Nullable Set<String> names, int most, int maxChars, String field, List<Problem> problems) {
        if (names == null) {
            return;
        }
        if (names.isEmpty() || names.size() > most) {
            problems.add(Problem.value("expected null or at least 1 item" + limit(most), "body", field));
        } else if (!names.stream().allMatch(name -> FieldRules.isName(name, maxChars))) {
            problems.add(Problem.value("each item: " + FieldRules.NAME, "body", field));
        }
    }

    private static String limit(int most) {
        return most == Integer.MAX_VALUE ? "" : " and at most " + most;
    }

    private static void schemas(@Nullable String schemas, List<Problem> problems) {
        if (schemas == null) {
            return;
        }
        try {
            JsonObject json = new JsonObject(schemas);
            if (json.stream().anyMatch(version -> !(version.getValue() instanceof JsonObject))) {
                problems.add(Problem.value("expected an object for each version", "body", "schemas"));
            }
        } catch (DecodeException e) {
            problems.add(Problem.value("expected an object", "body", "schemas"));
        }
    }
}
