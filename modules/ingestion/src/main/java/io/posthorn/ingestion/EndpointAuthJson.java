package io.posthorn.ingestion;

import io.posthorn.contract.CustomHeaders;
import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.EndpointAuth.ClientAuthentication;
import io.posthorn.contract.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads and writes the authentication of an endpoint. What is a secret is only named, as sensitive headers are. */
final class EndpointAuthJson {
    private EndpointAuthJson() {}

    /** What a body asks for; its values are for the validation role to judge. */
    static EndpointAuth read(Fields fields) {
        String type = fields.requiredText("type");
        EndpointAuth auth = switch (type) {
            case "basic" -> new EndpointAuth.Basic(fields.requiredText("user"), secret(fields, "password"));
            case "bearer" -> new EndpointAuth.Bearer(secret(fields, "token"));
            case "oauth2" -> oauth2(fields);
            default -> unknown(fields);
        };
        fields.end();
        return auth;
    }

    /** Never used: the problem that it notes ends the request. */
    private static EndpointAuth unknown(Fields fields) {
        if (fields.has("type")) {
            fields.invalid("type", "expected basic, bearer or oauth2");
        }
        return new EndpointAuth.Bearer(new Secret(""));
    }

    private static EndpointAuth oauth2(Fields fields) {
        String tokenUrl = fields.requiredText("tokenUrl");
        String clientId = fields.requiredText("clientId");
        Secret clientSecret = secret(fields, "clientSecret");
        @Nullable Set<String> scopes = fields.texts("scopes");
        Map<String, Secret> parameters = new LinkedHashMap<>();
        fields.textMap("parameters").forEach((name, value) -> parameters.put(name, new Secret(value)));
        return new EndpointAuth.OAuth2(
                tokenUrl,
                clientId,
                clientSecret,
                scopes == null ? List.of() : List.copyOf(scopes),
                fields.text("audience"),
                parameters,
                clientAuthentication(fields));
    }

    private static ClientAuthentication clientAuthentication(Fields fields) {
        @Nullable String given = fields.text("clientAuthentication");
        if (given != null && !given.equals("basic") && !given.equals("body")) {
            fields.invalid("clientAuthentication", "expected basic or body");
        }
        return "body".equals(given) ? ClientAuthentication.BODY : ClientAuthentication.BASIC;
    }

    private static Secret secret(Fields fields, String name) {
        return new Secret(fields.requiredText(name));
    }

    static JsonObject write(@Nullable EndpointAuth auth) {
        if (auth instanceof EndpointAuth.Basic basic) {
            return new JsonObject()
                    .put("type", "basic")
                    .put("user", basic.user())
                    .put("sensitive", new JsonArray().add("password"));
        }
        if (auth instanceof EndpointAuth.Bearer) {
            return new JsonObject().put("type", "bearer").put("sensitive", new JsonArray().add("token"));
        }
        if (auth instanceof EndpointAuth.OAuth2 oauth) {
            return write(oauth);
        }
        return new JsonObject().put("type", "none").put("sensitive", new JsonArray());
    }

    private static JsonObject write(EndpointAuth.OAuth2 oauth) {
        JsonArray sensitive = new JsonArray().add("clientSecret");
        JsonObject parameters = new JsonObject();
        new TreeMap<>(oauth.parameters()).forEach((name, value) -> {
            if (CustomHeaders.isSensitive(name)) {
                sensitive.add("parameters." + name);
            } else {
                parameters.put(name, value.value());
            }
        });
        return new JsonObject()
                .put("type", "oauth2")
                .put("tokenUrl", oauth.tokenUrl())
                .put("clientId", oauth.clientId())
                .put("scopes", new JsonArray(oauth.scopes()))
                .put("audience", oauth.audience())
                .put("parameters", parameters)
                .put("clientAuthentication", oauth.clientAuthentication().name().toLowerCase(Locale.ROOT))
                .put("sensitive", sensitive);
    }
}
