package io.posthorn.storage.redis;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.BackgroundTask.Status;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.TaskId;
import io.posthorn.storage.api.StoredItem;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** A background task as its hash keeps it, with the cursor of its next step. */
record TaskFields(BackgroundTask task, String cursor) {
    /** Reads the answer to {@code HGETALL}. */
    static TaskFields decode(TaskId id, Response fields) {
        Map<String, String> read = new HashMap<>();
        if (!fields.getKeys().isEmpty()) {
            fields.getKeys().forEach(name -> read.put(name, fields.get(name).toString()));
        } else {
            for (int i = 0; i < fields.size(); i += 2) {
                read.put(fields.get(i).toString(), fields.get(i + 1).toString());
            }
        }
        String failure = field(read, "failure");
        BackgroundTask task = new BackgroundTask(
                id,
                new OrganizationId(field(read, "org")),
                work(field(read, "work")),
                switch (field(read, "status")) {
                    case "R" -> Status.RUNNING;
                    case "D" -> Status.FINISHED;
                    default -> Status.FAILED;
                },
                Long.parseLong(field(read, "changed")),
                Long.parseLong(field(read, "scanned")),
                failure.isEmpty() ? null : failure,
                Instant.ofEpochMilli(Long.parseLong(field(read, "created"))),
                Instant.ofEpochMilli(Long.parseLong(field(read, "updated"))));
        return new TaskFields(task, field(read, "cursor"));
    }

    private static String field(Map<String, String> read, String name) {
        String value = read.get(name);
        if (value == null) {
            throw new IllegalStateException("a background task without " + name);
        }
        return value;
    }

    /** In the form that another store can take: its cursor where that is a message, and not a place in a queue. */
    StoredItem item() {
        boolean message = MessageId.isValid(MessageId.PREFIX + cursor);
        return new StoredItem.OfTask(task, message ? new MessageId(MessageId.PREFIX + cursor) : null);
    }

    /** The letter of its status. */
    static String letter(Status status) {
        return switch (status) {
            case RUNNING -> "R";
            case FINISHED -> "D";
            case FAILED -> "F";
        };
    }

    /** What is to be done, as text: a letter, application, endpoint, and the times. */
    static String text(BackgroundTask.Work work) {
        String place = " " + Names.bare(work.application().value()) + " "
                + Names.bare(work.endpoint().value()) + " ";
        if (work instanceof BackgroundTask.Recover recover) {
            return "R" + place + recover.since() + " " + recover.until();
        }
        if (work instanceof BackgroundTask.ReplayMissing replay) {
            return "M" + place + replay.since() + " " + replay.until();
        }
        return "C" + place + ((BackgroundTask.CancelWaiting) work).until();
    }

    private static BackgroundTask.Work work(String text) {
        String[] parts = text.split(" ", -1);
        ApplicationId application = new ApplicationId(ApplicationId.PREFIX + parts[1]);
        EndpointId endpoint = new EndpointId(EndpointId.PREFIX + parts[2]);
        Instant first = Instant.parse(parts[3]);
        return switch (parts[0]) {
            case "R" -> new BackgroundTask.Recover(application, endpoint, first, Instant.parse(parts[4]));
            case "M" -> new BackgroundTask.ReplayMissing(application, endpoint, first, Instant.parse(parts[4]));
            case "C" -> new BackgroundTask.CancelWaiting(application, endpoint, first);
            default -> throw new IllegalStateException("a background task of unknown kind " + parts[0]);
        };
    }
}
