package io.posthorn.storage.redis;

import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.MessageId;
import io.posthorn.testkit.Damage;
import io.posthorn.testkit.ManualClock;

/** Damage made by hand in the keys of a shard. */
final class HandMade {
    private HandMade() {}

    /** Sends one command to the server that has the shard. */
    interface Commands {
        String send(String... words);
    }

    static void damage(Commands redis, String prefix, Damage damage, DeliveryKey waiting, ManualClock clock) {
        String endpoint = Names.bare(waiting.endpoint().value());
        String message = Names.bare(waiting.message().value());
        String absent = Names.bare(MessageId.at(clock.millis()).value());
        String succeeded = "S 1 " + clock.millis();
        String reply = switch (damage) {
            case LOST_INDEX_ENTRY -> redis.send("ZREM", prefix + "q:" + endpoint, message);
            case ORPHANED_RECORD -> redis.send("HSET", prefix + "d:" + absent, endpoint, succeeded);
            case WRONG_COUNTER -> {
                count(redis, prefix, endpoint, "c");
                yield count(redis, prefix, endpoint, "s");
            }
            case TWO_STATES -> {
                count(redis, prefix, endpoint, "s");
                yield redis.send("HSET", prefix + "d:" + message, endpoint, succeeded);
            }
            case DANGLING_INDEX_ENTRY ->
                redis.send("ZADD", prefix + "q:" + endpoint, String.valueOf(clock.millis()), absent);
        };
        if (!reply.startsWith(":") || reply.equals(":0")) {
            throw new AssertionError("nothing was damaged: " + reply);
        }
    }

    /** One more in the counts of the endpoint and of the shard. */
    private static String count(Commands redis, String prefix, String endpoint, String field) {
        redis.send("HINCRBY", prefix + "b", field, "1");
        return redis.send("HINCRBY", prefix + "e:" + endpoint, field, "1");
    }
}
