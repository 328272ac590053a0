package io.posthorn.benchmarks.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * One event loop's share of a job. Closed: so many requests are kept in flight. Open: a request is due at its moment;
 * when all that may be in flight is, it waits, and its latency counts from that moment all the same.
 */
final class LoadLoop {
    private static final long ANSWERS_MILLIS = 60_000;

    private final Vertx vertx;
    private final Sender sender;
    private final LoadJob job;
    private final int index;
    private final int loops;
    private final int width;
    private final long most;
    private final LoadTally tally = new LoadTally();
    private final Promise<LoadTally> ended = Promise.promise();
    private final Deque<Long> late = new ArrayDeque<>();
    private long begun;
    private int inFlight;
    private boolean over;

    LoadLoop(Vertx vertx, LoadJob job, int index, int loops) {
        this.vertx = vertx;
        this.job = job;
        this.index = index;
        this.loops = loops;
        this.width = share(job.inFlight(), index, loops);
        this.most = job.count() == 0 ? Long.MAX_VALUE : share(job.count(), index, loops);
        int connections = share(job.connections(), index, loops);
        this.sender =
                job.bare() ? new SignedSender(vertx, job, connections) : new PreparedSender(vertx, job, connections);
    }

    private static int share(long all, int index, int loops) {
        return (int) (all / loops + (index < all % loops ? 1 : 0));
    }

    Future<Void> open() {
        return sender.open();
    }

    /** Begins; completes when everything sent is answered, or a minute after the end at the latest. */
    Future<LoadTally> run() {
        vertx.setTimer(job.millis(), timer -> finish());
        vertx.setTimer(job.millis() + ANSWERS_MILLIS, timer -> giveUp());
        if (most == 0 || width == 0) {
            finish();
        } else if (job.rate() == 0) {
            for (int i = 0; i < width; i++) {
                sendNext(System.nanoTime());
            }
        }
        return ended.future();
    }

    /** A request of an open loop is due. */
    void due(long intendedNanos) {
        if (over || begun + late.size() >= most) {
            return;
        }
        if (inFlight < width) {
            sendNext(intendedNanos);
        } else {
            late.add(intendedNanos);
        }
    }

    Future<Void> close() {
        return sender.close();
    }

    private void sendNext(long intendedNanos) {
        if (over || begun == most) {
            finish();
            return;
        }
        tally.sent(System.nanoTime());
        inFlight++;
        long number = job.firstNumber() + begun++ * loops + index;
        sender.send(number, intendedNanos, this::answered);
    }

    private void answered(long intendedNanos, int status) {
        long now = System.nanoTime();
        inFlight--;
        tally.answered(status, now, now - intendedNanos);
        if (over || begun == most) {
            finish();
        } else if (job.rate() == 0) {
            sendNext(now);
        } else if (!late.isEmpty()) {
            sendNext(late.remove());
        }
    }

    private void finish() {
        if (!over) {
            over = true;
            tally.unsent(late.size());
        }
        if (inFlight == 0) {
            boolean unused = ended.tryComplete(tally);
        }
    }

    private void giveUp() {
        if (ended.tryFail(inFlight + " requests were not answered in " + TimeUnit.MILLISECONDS.toSeconds(ANSWERS_MILLIS)
                + " s")) {
            over = true;
        }
    }
}
