package io.posthorn.storage.local;

import io.posthorn.storage.api.StoreRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a database may be opened after its log was torn: yes, and said so, where only changes are missing that
 * were never flushed; no where a flushed one is missing, before anything is changed in the directory.
 */
final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

    private final Path database;
    private final FlushMark mark;
    private LogScan.@Nullable Damage damage;

    LogRecovery(Path database, FlushMark mark) {
        this.database = database;
        this.mark = mark;
    }

    /** Looks at the log before the database is opened, and changes nothing. */
    void check() throws IOException, StoreRefused {
        LogScan log = LogScan.of(database);
        LogScan.Damage found = log.damage();
        damage = found;
        if (mark.flushed() == FlushMark.UNKNOWN) {
            return;
        }
        if (found == null) {
            requireLastPart(log.last());
            return;
        }
        long reached = found.lastBefore();
        if (reached == FlushMark.UNKNOWN && found.newest()) {
            reached = reached();
        }
        if (reached < mark.flushed()) {
            throw lost("the log " + found.file() + " is damaged at byte " + found.offset(), reached);
        }
    }

    /**
     * Looks at what was read when the database is open.
     *
     * @param sequence the number of the last change that is there
     * @return what an operator should know; null when nothing is missing
     */
    @Nullable
    String opened(long sequence) throws StoreRefused {
        LogScan.Damage found = damage;
        if (mark.flushed() != FlushMark.UNKNOWN && sequence < mark.flushed()) {
            throw new StoreRefused("the database " + database + " reads only " + sequence + " of " + mark.flushed()
                    + " flushed changes, though its log has them: put back the data directory from a copy");
        }
        String notice = null;
        if (found != null && mark.flushed() == FlushMark.UNKNOWN) {
            notice = "the log was damaged at byte " + found.offset() + " of "
                    + found.file().getFileName()
                    + ", and nothing says how far it had been flushed: what followed was dropped, accepted events may be"
                    + " among it";
        } else if (found != null || sequence < mark.written()) {
            notice = "the log had a torn end after the last stop: "
                    + Math.max(0, mark.written() - sequence)
                    + " changes that were never flushed were dropped, so some deliveries may be repeated; no accepted"
                    + " event is among them";
        }
        if (notice != null) {
            LOG.warn("{}", notice);
        }
        return notice;
    }

    /** What the log does not have, the tables must: else a file of the log is gone as a whole. */
    private void requireLastPart(long last) throws IOException, StoreRefused {
        if (last >= mark.flushed()) {
            return;
        }
        long reached = Files.isDirectory(database) ? reached() : FlushMark.UNKNOWN;
        if (reached < mark.flushed()) {
            throw lost("the last part of the log in " + database + " is missing", reached);
        }
    }

    private StoreRefused lost(String what, long reached) {
        return new StoreRefused(what + ": " + (reached == FlushMark.UNKNOWN ? "none" : "only " + reached) + " of "
                + mark.flushed() + " flushed changes can be read. Nothing was changed. Put back the data directory"
                + " from a copy, or, to go on without what is lost, delete " + mark.path()
                + " and start again; then run \"posthorn verify\"");
    }

    /** How far the database would come, without changing it. */
    private long reached() throws IOException {
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (RocksSettings settings = new RocksSettings();
                RocksDB readOnly =
                        RocksDB.openReadOnly(settings.options(), database.toString(), settings.families(), handles)) {
            long reached = readOnly.getLatestSequenceNumber();
            handles.forEach(ColumnFamilyHandle::close);
            return reached;
        } catch (RocksDBException e) {
            throw new IOException("cannot be read: " + e.getMessage(), e);
        }
    }
}
