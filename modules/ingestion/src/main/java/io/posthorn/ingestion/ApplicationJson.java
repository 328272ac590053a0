package io.posthorn.ingestion;

import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.OrganizationId;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads and writes applications. */
final class ApplicationJson {
    private static final int MAX_RATE = 65_535;

    private ApplicationJson() {}

    /** The fields of a whole application. */
    record In(String name, @Nullable String uid, @Nullable Integer throttleRate, Map<String, String> metadata) {
        Application create(OrganizationId organization, Instant now) {
            ApplicationId id = ApplicationId.at(now.toEpochMilli());
            return new Application(id, organization, uid, name, throttleRate, metadata, now, now, 0);
        }

        Application replace(Application old, @Nullable String keptUid, Instant now) {
            return new Application(
                    old.id(),
                    old.organization(),
                    uid == null ? keptUid : uid,
                    name,
                    throttleRate,
                    metadata,
                    old.createdAt(),
                    now,
                    old.version());
        }

        In withUid(@Nullable String newUid) {
            return new In(name, newUid, throttleRate, metadata);
        }
    }

    static In read(Fields fields) {
        In in = readUnended(fields);
        fields.end();
        return in;
    }

    static In readUnended(Fields fields) {
        return new In(fields.requiredText("name"), fields.text("uid"), rate(fields), fields.textMap("metadata"));
    }

    /** The application with the fields that are there changed. */
    static Application patch(Fields fields, Application old, Instant now) {
        Application patched = new Application(
                old.id(),
                old.organization(),
                fields.has("uid") ? fields.text("uid") : old.uid(),
                fields.textOr("name", old.name()),
                fields.has("throttleRate", "rateLimit") ? rate(fields) : old.throttleRate(),
                fields.has("metadata") ? fields.textMap("metadata") : old.metadata(),
                old.createdAt(),
                now,
                old.version());
        fields.end();
        return patched;
    }

    private static @Nullable Integer rate(Fields fields) {
        return fields.integer(fields.named("throttleRate", "rateLimit"), 1, MAX_RATE);
    }

    static JsonObject write(Application application) {
        JsonObject json = new JsonObject().put("id", application.id().value()).put("name", application.name());
        if (application.uid() != null) {
            json.put("uid", application.uid());
        }
        json.put("throttleRate", application.throttleRate());
        if (application.throttleRate() != null) {
            json.put("rateLimit", application.throttleRate());
        }
        return json.put("metadata", new JsonObject(new TreeMap<>(application.metadata())))
                .put("createdAt", application.createdAt().toString())
                .put("updatedAt", application.updatedAt().toString());
    }
}
