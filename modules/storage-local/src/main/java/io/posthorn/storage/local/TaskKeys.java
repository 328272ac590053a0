package io.posthorn.storage.local;

import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.TaskId;
import java.nio.ByteBuffer;

/**
 * The keys of {@link Table#TASK}. A task's row stands under its organisation and id; a second row under the same name
 * says that it runs, or when it ended.
 */
final class TaskKeys {
    private static final byte TASK = 'T';
    private static final byte RUNNING = 'R';
    private static final byte ENDED = 'E';

    private TaskKeys() {}

    static byte[] task(OrganizationId organization, TaskId id) {
        return tagged(TASK, name(organization, id));
    }

    /** Before the first task of an organisation; {@link Keys#after} of it is behind the last. */
    static byte[] tasks(OrganizationId organization) {
        return tagged(TASK, owner(organization));
    }

    /** Before the first task of all. */
    static byte[] tasks() {
        return new byte[] {TASK};
    }

    static byte[] running(OrganizationId organization, TaskId id) {
        return tagged(RUNNING, name(organization, id));
    }

    /** Before the first that runs. */
    static byte[] running() {
        return new byte[] {RUNNING};
    }

    static byte[] ended(long millis, OrganizationId organization, TaskId id) {
        return Keys.concat(endedBefore(millis), name(organization, id));
    }

    /** Behind all that ended before that time. */
    static byte[] endedBefore(long millis) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(ENDED).putLong(millis).array();
    }

    /** The key of the task that such a second row stands for. */
    static byte[] taskOf(byte[] secondKey) {
        int skipped = secondKey[0] == ENDED ? 1 + Long.BYTES : 1;
        byte[] key = new byte[1 + secondKey.length - skipped];
        key[0] = TASK;
        System.arraycopy(secondKey, skipped, key, 1, secondKey.length - skipped);
        return key;
    }

    private static byte[] name(OrganizationId organization, TaskId id) {
        return Keys.concat(owner(organization), Keys.bare(id.value()));
    }

    private static byte[] owner(OrganizationId organization) {
        return Keys.concat(Keys.bytes(organization.value()), new byte[] {0});
    }

    private static byte[] tagged(byte tag, byte[] name) {
        return Keys.concat(new byte[] {tag}, name);
    }
}
