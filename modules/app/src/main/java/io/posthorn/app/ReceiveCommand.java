package io.posthorn.app;

import io.posthorn.app.demo.Arrival;
import io.posthorn.app.demo.Receiver;
import io.posthorn.app.demo.SignatureCheck;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Receives webhooks until it is interrupted, and prints each. */
@Command(
        name = "receive",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Receives webhooks, verifies their signatures and prints them, until it is interrupted.")
final class ReceiveCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Surroundings surroundings;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "The address. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(names = "--port", defaultValue = "9000", description = "The port. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--secret",
            paramLabel = "whsec_...",
            description = "The endpoint's signing secret. Without it signatures are not checked.")
    private @Nullable String secret;

    @Option(
            names = "--fail-first",
            paramLabel = "N",
            defaultValue = "0",
            description = "Answer 500 to the first N attempts of every message. Default: ${DEFAULT-VALUE}.")
    private int failFirst;

    @Spec
    private @Nullable CommandSpec spec;

    ReceiveCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws StartRefused, InterruptedException {
        Vertx vertx = Vertx.vertx();
        Receiver receiver = new Receiver(vertx, check(), this::answer);
        int bound = Waiting.startOf(receiver.listen(host, port), Map.of());
        print("listening at http://" + host + ":" + bound);
        new CountDownLatch(1).await();
        return ExitCode.OK;
    }

    private @Nullable SignatureCheck check() {
        try {
            return secret == null ? null : new SignatureCheck(secret, InstantSource.system());
        } catch (IllegalArgumentException e) {
            if (spec == null) {
                throw e;
            }
            throw new ParameterException(spec.commandLine(), "--secret: expected whsec_ and base64", e);
        }
    }

    private int answer(Arrival arrival) {
        int status = arrival.isGenuine() || !arrival.verified() ? 200 : 400;
        if (status == 200 && arrival.attempt() <= failFirst) {
            status = 500;
        }
        print("%s  %s  attempt %d  %s  -> %d%n  %s"
                .formatted(
                        LocalTime.now(ZoneId.systemDefault()).format(TIME),
                        arrival.messageId(),
                        arrival.attempt(),
                        arrival.signature(),
                        status,
                        arrival.body()));
        return status;
    }

    private void print(String line) {
        PrintWriter out = surroundings.out();
        out.println(line);
        out.flush();
    }
}
