package io.posthorn.storage.api;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves what one store holds into another. The source is read while nothing changes it: no append, claim, settle or
 * sweep runs. Threads and failures as in {@link DeliveryQueue}.
 */
public interface Transfer {
    /** The most bytes of payload in one chunk, unless a single message has more. */
    int MAX_CHUNK_BYTES = 1 << 20;

    /** The most items of one chunk. */
    int MAX_CHUNK_ITEMS = 500;

    /**
     * Reads the next part: entities first (applications, event types, endpoints), then queues, messages, keys, tasks.
     *
     * @param cursor null for the beginning, else {@link Chunk#next()} of the part before; good over restarts
     */
    Future<Chunk> read(@Nullable String cursor);

    /**
     * Adds items to this store, beside what it holds. An item that is there already is passed over, so that a chunk may
     * be written again; counters grow with the deliveries that are really added. An entity that is there in another
     * version is replaced when the one given was updated later; a uid that another entity has is dropped from the one
     * given, which keeps its id.
     *
     * @param source the id of the store that they come from; the counts of {@link StoredItem.OfQueue} are added once a
     *     source and endpoint
     * @return completes when they are durable, with a line for each thing that had to be changed to fit
     */
    Future<List<String>> write(String source, List<StoredItem> items);

    /** What this store is. */
    Future<Identity> identity();

    /** Remembers how far a move into this store has come, or that it has ended, durably; null forgets it. */
    Future<Void> mark(@Nullable Mark mark);

    /** Removes everything, and gives the store a new id. Only for a source whose items are all in another store. */
    Future<Void> clear();

    /**
     * A part of a store.
     *
     * @param next where to go on; null when this was the last part
     * @param total an estimate of all items of the store, for showing progress
     */
    record Chunk(List<StoredItem> items, @Nullable String next, long total) {
        public Chunk {
            items = List.copyOf(items);
        }
    }

    /**
     * What a store is.
     *
     * @param id made when the store was made, and never the same twice
     * @param empty whether it holds no entity, message or counter
     * @param mark the last move into it, begun or ended; null when there was none since it was empty
     */
    record Identity(String id, boolean empty, @Nullable Mark mark) {}

    /**
     * How far a move has come.
     *
     * @param source the id of the store that is being read
     * @param cursor where to go on reading; null for the beginning
     * @param items how many items were written
     * @param ended whether all of the source is here: the counts that were added are no longer told apart by their source
     */
    record Mark(String source, @Nullable String cursor, long items, boolean ended) {
        /** A move that is under way. */
        public static Mark underWay(String source, @Nullable String cursor, long items) {
            return new Mark(source, cursor, items, false);
        }

        /** A move that has ended. */
        public static Mark ended(String source, long items) {
            return new Mark(source, null, items, true);
        }
    }
}
