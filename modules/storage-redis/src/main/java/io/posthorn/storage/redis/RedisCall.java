package io.posthorn.storage.redis;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something asked of Redis, until its answer or its deadline, over as many connections as it takes. */
final class RedisCall {
    final Promise<List<@Nullable Response>> answers = Promise.promise();

    /** The slot of the cluster that it goes to. */
    final int slot;

    /** By {@link System#nanoTime()}. */
    final long deadline;

    /** How many bytes it sends, about. */
    final int bytes;

    private final List<Request> requests;
    private final @Nullable Script script;
    private final List<byte[]> parts;

    private RedisCall(int slot, long deadline, List<Request> requests, @Nullable Script script, List<byte[]> parts) {
        this.slot = slot;
        this.deadline = deadline;
        this.requests = requests;
        this.script = script;
        this.parts = parts;
        int sum = 0;
        for (byte[] part : parts) {
            sum += part.length;
        }
        this.bytes = sum;
    }

    /** Reads, all in the same slot. */
    static RedisCall ofReads(int slot, long deadline, List<Request> reads) {
        return new RedisCall(slot, deadline, List.copyOf(reads), null, List.of());
    }

    /**
     * A run of a script.
     *
     * @param after sent right behind it on the same connection; null for nothing
     */
    static RedisCall ofScript(
            int slot, long deadline, Script script, String key, List<?> args, @Nullable Request after) {
        List<byte[]> parts = new ArrayList<>(args.size() + 1);
        parts.add(bytes(key));
        for (Object arg : args) {
            parts.add(bytes(arg));
        }
        List<Request> requests = new ArrayList<>(2);
        requests.add(evaluate(Command.EVALSHA, script.sha1(), parts));
        if (after != null) {
            requests.add(after);
        }
        return new RedisCall(slot, deadline, requests, script, parts);
    }

    boolean isScript() {
        return script != null;
    }

    List<Request> requests() {
        return requests;
    }

    /** The same, with the text of the script in place of its digest. */
    List<Request> requestsWithText() {
        if (script == null) {
            return requests;
        }
        List<Request> again = new ArrayList<>(requests);
        again.set(0, evaluate(Command.EVAL, script.text(), parts));
        return again;
    }

    boolean isOver(long now) {
        return now - deadline >= 0;
    }

    private static Request evaluate(Command command, String script, List<byte[]> parts) {
        Request request = Request.cmd(command).arg(script).arg(1);
        for (byte[] part : parts) {
            request.arg(part);
        }
        return request;
    }

    private static byte[] bytes(Object arg) {
        if (arg instanceof byte[] bytes) {
            return bytes;
        }
        return arg instanceof Buffer buffer ? buffer.getBytes() : arg.toString().getBytes(StandardCharsets.UTF_8);
    }
}
