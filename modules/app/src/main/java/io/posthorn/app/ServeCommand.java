package io.posthorn.app;

import io.posthorn.config.LoadedSettings;
import io.posthorn.config.Settings;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Secret;
import io.posthorn.ingestion.TokenIssuer;
import io.posthorn.observability.Logs;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a node until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Runs a node until SIGTERM or SIGINT, which stop it cleanly; a second signal ends it at once.",
            "Without settings: API on 127.0.0.1:8071, data in ./data."
        })
final class ServeCommand implements Callable<Integer> {
    private static final Duration TOKEN_VALIDITY = Duration.ofDays(3650);

    private final Surroundings surroundings;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--roles",
            split = ",",
            paramLabel = "ROLE",
            description = "What this node does, comma-separated: ${COMPLETION-CANDIDATES}. Default: everything.")
    private Set<Role> roles = EnumSet.allOf(Role.class);

    @Option(names = "--print-token", description = "Print a token of the organisation when the node is ready.")
    private boolean printToken;

    ServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws StartRefused, InterruptedException {
        LoadedSettings loaded = config.load(surroundings);
        Logs.setUp(loaded.settings().observability());
        boolean tokens = printToken || roles.contains(Role.INGESTION);
        @Nullable Secret secret = tokens ? ConfigOption.secretOf(loaded.settings()) : null;
        Program program = Program.of(loaded.settings(), secret, roles);
        Logger log = LoggerFactory.getLogger(ServeCommand.class);
        loaded.notices().forEach(notice -> log.warn("{}", notice));
        CountDownLatch toldToStop = new CountDownLatch(1);
        StopSignals.install(toldToStop::countDown);
        try {
            program.start();
            announce(program, loaded.settings(), secret);
            toldToStop.await();
            log.info("stopping");
        } finally {
            program.stop();
        }
        return ExitCode.OK;
    }

    private void announce(Program program, Settings settings, @Nullable Secret secret) {
        PrintWriter out = surroundings.out();
        out.println("Posthorn " + Version.current() + " is ready");
        if (roles.contains(Role.INGESTION)) {
            out.println("  API         " + program.apiAddress() + "/api/v1");
        }
        if (roles.contains(Role.HEALTH)) {
            out.println("  management  " + program.managementAddress());
        }
        if (settings.cluster().isOn()) {
            out.println("  cluster     " + settings.cluster().name() + " at " + program.clusterAddress() + " as "
                    + program.nodeName());
        }
        out.println(
                "  data        " + settings.storage().dataDir().toAbsolutePath().normalize());
        if (printToken && secret != null) {
            out.println("  token       "
                    + TokenIssuer.organizationToken(secret, OrganizationId.DEFAULT, TOKEN_VALIDITY, Instant.now()));
        }
        out.flush();
    }
}
