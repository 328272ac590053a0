package io.posthorn.validation;

import io.posthorn.contract.CustomHeaders;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.Problem;
import io.posthorn.contract.TargetUrl;
import java.util.List;
import java.util.Set;

/** How an endpoint may show its receiver who sends. No problem tells a secret. */
final class AuthRules {
    private static final int MAX_USER = 256;
    private static final int MAX_SECRET = 1_024;
    private static final int MAX_TOKEN = 4_096;
    private static final int MAX_SCOPES = 20;
    private static final int MAX_SCOPE = 128;
    private static final int MAX_AUDIENCE = 1_024;
    private static final int MAX_PARAMETERS = 10;
    private static final int MAX_PARAMETER_NAME = 64;

    /** What has a field of its own, or would make another request of it. */
    private static final Set<String> OWN_PARAMETERS = Set.of(
            "grant_type",
            "client_id",
            "client_secret",
            "client_assertion",
            "client_assertion_type",
            "scope",
            "audience");

    private AuthRules() {}

    /** @param httpsOnly whether a token endpoint needs https */
    static void check(Endpoint endpoint, boolean httpsOnly, List<Problem> problems) {
        EndpointAuth auth = endpoint.sending().authentication();
        if (auth == null) {
            return;
        }
        endpoint.headers().keySet().stream()
                .filter(EndpointAuth.HEADER::equalsIgnoreCase)
                .forEach(name -> problems.add(Problem.value(
                        "an endpoint with an authentication has no header of this name: remove one of the two",
                        "body",
                        "headers",
                        name)));
        if (auth instanceof EndpointAuth.Basic basic) {
            checkBasic(basic, problems);
        } else if (auth instanceof EndpointAuth.Bearer bearer) {
            visible(bearer.token().value(), MAX_TOKEN, problems, "body", "token");
        } else if (auth instanceof EndpointAuth.OAuth2 oauth) {
            checkOAuth2(oauth, httpsOnly, problems);
        }
    }

    private static void checkBasic(EndpointAuth.Basic basic, List<Problem> problems) {
        FieldRules.line(basic.user(), 0, MAX_USER, problems, "body", "user");
        FieldRules.line(basic.password().value(), 0, MAX_SECRET, problems, "body", "password");
        if (basic.user().indexOf(':') >= 0) {
            problems.add(Problem.value("a user without a colon was expected", "body", "user"));
        }
        if (basic.user().isEmpty() && basic.password().value().isEmpty()) {
            problems.add(Problem.value("a user or a password was expected", "body", "user"));
        }
    }

    private static void checkOAuth2(EndpointAuth.OAuth2 oauth, boolean httpsOnly, List<Problem> problems) {
        try {
            TargetUrl url = TargetUrl.parse(oauth.tokenUrl());
            if (httpsOnly && !url.isSsl()) {
                problems.add(Problem.value("a URL with https was expected", "body", "tokenUrl"));
            }
        } catch (IllegalArgumentException e) {
            problems.add(Problem.value(String.valueOf(e.getMessage()), "body", "tokenUrl"));
        }
        FieldRules.line(oauth.clientId(), 1, MAX_USER, problems, "body", "clientId");
        FieldRules.line(oauth.clientSecret().value(), 1, MAX_SECRET, problems, "body", "clientSecret");
        if (oauth.scopes().size() > MAX_SCOPES) {
            problems.add(Problem.value(
                    "at most " + MAX_SCOPES + " scopes were expected, not "
                            + oauth.scopes().size(),
                    "body",
                    "scopes"));
        }
        for (int i = 0; i < Math.min(oauth.scopes().size(), MAX_SCOPES); i++) {
            String scope = oauth.scopes().get(i);
            visible(scope, MAX_SCOPE, problems, "body", "scopes", "[" + i + "]");
            if (scope.indexOf('"') >= 0 || scope.indexOf('\\') >= 0) {
                problems.add(Problem.value("a scope without \" and \\ was expected", "body", "scopes", "[" + i + "]"));
            }
        }
        if (oauth.audience() != null) {
            FieldRules.line(oauth.audience(), 1, MAX_AUDIENCE, problems, "body", "audience");
        }
        checkParameters(oauth, problems);
    }

    private static void checkParameters(EndpointAuth.OAuth2 oauth, List<Problem> problems) {
        if (oauth.parameters().size() > MAX_PARAMETERS) {
            problems.add(Problem.value(
                    "at most " + MAX_PARAMETERS + " parameters were expected, not "
                            + oauth.parameters().size(),
                    "body",
                    "parameters"));
            return;
        }
        oauth.parameters().forEach((name, value) -> {
            FieldRules.safeName(name, MAX_PARAMETER_NAME, problems, "body", "parameters", name);
            if (OWN_PARAMETERS.contains(name)) {
                problems.add(Problem.value("this parameter cannot be set", "body", "parameters", name));
            }
            FieldRules.line(value.value(), 1, MAX_SECRET, problems, "body", "parameters", name);
        });
    }

    /** As it stands in a header: RFC 6750 section 2.1, and what is handed out all the same. */
    private static void visible(String text, int max, List<Problem> problems, String... place) {
        if (text.isEmpty()
                || text.length() > max
                || text.indexOf(' ') >= 0
                || text.indexOf('\t') >= 0
                || !CustomHeaders.isValue(text)) {
            problems.add(
                    Problem.value("1 to " + max + " visible ASCII characters without spaces were expected", place));
        }
    }
}
