package io.posthorn.app;

import io.posthorn.config.Settings;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Secret;
import io.posthorn.ingestion.TokenIssuer;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints a token and nothing else, so that a script can use it. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Prints an API token.",
            "It is signed with WEBHOOK_JWT_SECRET, else with the secret in the data directory, which is made if it is missing."
        })
final class TokenCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--org",
            paramLabel = "org_...",
            description = "The organisation. Default: the one of a server that serves only one.")
    private String organization = OrganizationId.DEFAULT.value();

    @Option(
            names = "--app",
            paramLabel = "app_...",
            description =
                    "Only for this application: may read it and change its endpoints. Default: the whole organisation.")
    private @Nullable String application;

    @Option(
            names = "--validity",
            paramLabel = "DAYS",
            defaultValue = "3650",
            description = "How many days it is valid. Default: ${DEFAULT-VALUE}.")
    private int days;

    @Spec
    private @Nullable CommandSpec spec;

    TokenCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws StartRefused {
        require(OrganizationId.isValid(organization), "--org: " + organization + " (expected: org_...)");
        require(
                application == null || ApplicationId.isValid(application),
                "--app: " + application + " (expected: the id of an application, app_..., not its uid)");
        require(days >= 1 && days <= 36_500, "--validity: " + days + " (expected: 1 to 36500 days)");
        Settings settings = config.load(surroundings).settings();
        Secret secret = ConfigOption.secretOf(settings);
        OrganizationId owner = new OrganizationId(organization);
        Duration validity = Duration.ofDays(days);
        surroundings
                .out()
                .println(
                        application == null
                                ? TokenIssuer.organizationToken(secret, owner, validity, Instant.now())
                                : TokenIssuer.applicationToken(
                                        secret,
                                        owner,
                                        new ApplicationId(application),
                                        Set.of(),
                                        validity,
                                        Instant.now()));
        return ExitCode.OK;
    }

    private void require(boolean holds, String problem) {
        if (!holds && spec != null) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }
}
