package io.posthorn.storage.redis;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.AuditReport.Difference;
import io.posthorn.contract.AuditReport.Kind;
import io.posthorn.contract.Books;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a recount has found so far. Any thread. */
final class AuditTally {
    private final List<Difference> listed = new ArrayList<>();
    private long differences;
    private long endpoints;
    private long messages;
    private long deliveries;
    private long attempts;
    private Books counted = Books.EMPTY;
    private Books recorded = Books.EMPTY;

    /** Reads the differences that a script noted. */
    static List<Difference> differences(Response findings) {
        List<Difference> read = new ArrayList<>();
        for (int i = 0; i < findings.size(); i += 4) {
            read.add(new Difference(
                    Kind.valueOf(findings.get(i).toString()),
                    findings.get(i + 1).toString(),
                    findings.get(i + 2).toString(),
                    findings.get(i + 3).toInteger() == 1));
        }
        return read;
    }

    synchronized void add(List<Difference> found) {
        for (Difference one : found) {
            differences++;
            if (listed.size() < AuditReport.MAX_DIFFERENCES) {
                listed.add(one);
            }
        }
    }

    synchronized void addRecords(long newMessages, long newDeliveries, long newAttempts) {
        messages += newMessages;
        deliveries += newDeliveries;
        attempts += newAttempts;
    }

    synchronized void addEndpoint(Books asCounted, Books asRecorded) {
        endpoints++;
        counted = counted.plus(asCounted);
        recorded = recorded.plus(asRecorded);
    }

    synchronized AuditReport report(Instant startedAt, Duration took) {
        return new AuditReport(
                "redis",
                startedAt,
                took,
                endpoints,
                messages,
                deliveries,
                attempts,
                counted,
                recorded,
                differences,
                listed);
    }
}
