package io.posthorn.storage.local;

import io.posthorn.contract.Entity;
import io.posthorn.storage.api.StoredItem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Writes the items of another store in slices, so that what else is asked of the store waits for none but one. */
final class StoreTransfer {
    /** Items of one slice. */
    static final int SLICE_ITEMS = 64;

    /** Bytes of payload of one slice, unless a single item has more. */
    private static final long SLICE_BYTES = 256L << 10;

    private final StoreThread store;

    StoreTransfer(StoreThread store) {
        this.store = store;
    }

    /** Completes when all of them are flushed. */
    Future<List<String>> write(String source, List<StoredItem> items) {
        Promise<List<String>> done = Promise.promise();
        next(source, slices(items), 0, new ArrayList<>(), done);
        return done.future();
    }

    private void next(
            String source, List<List<StoredItem>> slices, int at, List<String> changes, Promise<List<String>> done) {
        if (at == slices.size()) {
            done.complete(changes);
            return;
        }
        boolean last = at == slices.size() - 1;
        store.submit(
                        last ? Operation.Kind.ALONE : Operation.Kind.UNFLUSHED,
                        (open, now, writes) -> open.itemWriter.write(source, slices.get(at), now, writes))
                .onComplete(
                        lines -> {
                            changes.addAll(lines);
                            next(source, slices, at + 1, changes, done);
                        },
                        done::fail);
    }

    /** Cuts where the kind of items changes, too: what refers to others must find them in the map. */
    private static List<List<StoredItem>> slices(List<StoredItem> items) {
        List<List<StoredItem>> slices = new ArrayList<>();
        List<StoredItem> slice = new ArrayList<>();
        long bytes = 0;
        for (StoredItem item : items) {
            boolean full = slice.size() >= SLICE_ITEMS || bytes >= SLICE_BYTES;
            if (!slice.isEmpty() && (full || kind(item) != kind(slice.get(0)))) {
                slices.add(slice);
                slice = new ArrayList<>();
                bytes = 0;
            }
            slice.add(item);
            bytes += bytes(item);
        }
        if (!slice.isEmpty()) {
            slices.add(slice);
        }
        return slices;
    }

    private static Class<?> kind(StoredItem item) {
        if (item instanceof StoredItem.OfEntity of) {
            Entity entity = of.entity();
            return entity.getClass();
        }
        return item.getClass();
    }

    private static long bytes(StoredItem item) {
        if (item instanceof StoredItem.OfMessage of) {
            Buffer payload = of.message().payload();
            long records = (long) of.deliveries().size() + of.attempts().size();
            return (payload == null ? 0 : payload.length()) + records * 100;
        }
        return 0;
    }
}
