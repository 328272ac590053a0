package io.posthorn.storage;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.PosthornException;
import io.posthorn.storage.api.Audit;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recount that runs, and the result of the last one that ended. One at a time: whoever asks for another meanwhile
 * joins it. Who asks for a repair while one runs that only looks gets a second one right after it, since the first
 * would leave as it was what it has passed already. Verticle context.
 */
final class Audits {
    private static final Logger LOG = LoggerFactory.getLogger(Audits.class);

    private final Audit engine;
    private final EngineCalls calls;
    private final AtomicLong looked = new AtomicLong();
    private boolean running;
    private boolean repairing;
    private boolean repairNext;
    private String failure = "";
    private List<AuditReport> last = List.of();

    Audits(Audit engine, EngineCalls calls) {
        this.engine = engine;
        this.calls = calls;
    }

    /** Begins a recount, or joins the one that runs; answers how it stands. */
    AuditReport.Progress start(AuditReport.Start request) {
        if (!running) {
            run(request.repair());
        } else if (request.repair() && !repairing) {
            repairNext = true;
        }
        return progress();
    }

    /** How the recount stands. */
    AuditReport.Progress progress() {
        return new AuditReport.Progress(running, looked.get(), failure, last);
    }

    private void run(boolean repair) {
        running = true;
        repairing = repair;
        repairNext = false;
        looked.set(0);
        failure = "";
        LOG.info("a recount of the store begins{}", repair ? ", which mends what it can" : "");
        calls.on(engine.audit(repair, looked::set)).onSuccess(this::found).onFailure(this::failed);
    }

    private void found(AuditReport report) {
        if (report.differenceCount() == 0) {
            LOG.info("the recount found no difference in {} deliveries", report.deliveries());
        } else {
            LOG.warn(
                    "the recount found {} differences in {} deliveries", report.differenceCount(), report.deliveries());
        }
        last = List.of(report);
        ended();
    }

    private void failed(Throwable cause) {
        LOG.error("the recount failed", cause);
        failure = cause instanceof PosthornException known
                ? String.valueOf(known.getMessage())
                : "an internal error; it is in the log of the node that has the store";
        ended();
    }

    private void ended() {
        running = false;
        if (repairNext) {
            run(true);
        }
    }
}
