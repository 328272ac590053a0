package io.posthorn.storage.local;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.storage.rows.EntityCodec;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes entities of another store in, beside those that are there. Alone in its group, on the store thread. */
final class DirectoryMerge {
    private final OrderedMap map;
    private final DirectoryWriter writer;

    /** Names that this group has taken (their owner's id) or given up (empty), since its rows cannot be read yet. */
    private final Map<String, byte[]> names = new HashMap<>();

    DirectoryMerge(OrderedMap map, DirectoryWriter writer) {
        this.map = map;
        this.writer = writer;
    }

    /** Takes one in; adds a line where it had to be changed to fit. */
    void add(Entity given, long now, WriteSet writes, List<String> changes) throws IOException {
        DirectoryPlace place = DirectoryPlace.of(given);
        byte[] row = map.get(Table.DIRECTORY, place.key());
        Entity stored = row == null ? null : EntityCodec.decode(row);
        if (stored != null && !given.updatedAt().isAfter(stored.updatedAt())) {
            return;
        }
        Entity fitting = given;
        if (place.uidKey() != null && place.uidValue() != null && isTaken(place.uidKey(), place.uidValue())) {
            changes.add(place.name() + ": its uid " + DirectoryPlace.uid(given)
                    + " belongs to another one here, so it has none now");
            fitting = withoutUid(given);
        }
        if (stored != null && stored.version() >= given.version()) {
            // Whoever read the one that was here must notice that it has changed.
            fitting = fitting.withVersion(stored.version() + 1);
        }
        store(stored, fitting, now, writes);
    }

    private void store(@Nullable Entity stored, Entity entity, long now, WriteSet writes) throws IOException {
        byte[] oldUid = stored == null ? null : DirectoryPlace.of(stored).uidKey();
        if (oldUid != null) {
            writes.delete(Table.DIRECTORY, oldUid);
            names.put(text(oldUid), new byte[0]);
        }
        DirectoryPlace place = DirectoryPlace.of(entity);
        if (place.uidKey() != null && place.uidValue() != null) {
            writes.put(Table.DIRECTORY, place.uidKey(), place.uidValue());
            names.put(text(place.uidKey()), place.uidValue());
        }
        writes.put(Table.DIRECTORY, place.key(), EntityCodec.encode(entity));
        writer.tellCaches(entity, now, writes);
    }

    private boolean isTaken(byte[] uidKey, byte[] by) throws IOException {
        byte[] inGroup = names.get(text(uidKey));
        byte[] owner = inGroup != null ? inGroup : map.get(Table.DIRECTORY, uidKey);
        return owner != null && owner.length > 0 && !Arrays.equals(owner, by);
    }

    private static String text(byte[] key) {
        return Keys.text(key, 0, key.length);
    }

    private static Entity withoutUid(Entity entity) {
        return entity instanceof Application it ? it.withoutUid() : ((Endpoint) entity).withoutUid();
    }
}
