package io.posthorn.storage.local;

import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import io.posthorn.testkit.Damage;
import io.posthorn.testkit.ManualClock;
import java.io.IOException;

/** Damage made by hand in the rows of a local store. */
final class HandMade {
    private HandMade() {}

    static void damage(OrderedMap map, Damage damage, DeliveryKey waiting, ManualClock clock) throws IOException {
        WriteSet writes = new WriteSet();
        MessageId absent = MessageId.at(clock.millis());
        QueueEntry entry = Records.place(map, waiting);
        byte[] ledgerKey = Keys.bare(waiting.endpoint().value());
        Ledger ledger = Ledger.decode(map.get(Table.LEDGER, ledgerKey));
        DeliveryRow succeeded = DeliveryRow.ended(DeliveryState.SUCCEEDED, 1, clock.millis());
        switch (damage) {
            case LOST_INDEX_ENTRY -> writes.delete(Table.QUEUE, Keys.queue(waiting.endpoint(), entry));
            case ORPHANED_RECORD ->
                writes.put(Table.DELIVERY, Keys.delivery(waiting.endpoint(), absent), succeeded.encode());
            case WRONG_COUNTER ->
                writes.put(Table.LEDGER, ledgerKey, ledger.count(1, 1, 0, 0).encode());
            case TWO_STATES -> {
                writes.put(Table.DELIVERY, Keys.delivery(waiting.endpoint(), waiting.message()), succeeded.encode());
                writes.put(Table.LEDGER, ledgerKey, ledger.count(0, 1, 0, 0).encode());
            }
            case DANGLING_INDEX_ENTRY -> {
                QueueEntry dangling = new QueueEntry(QueueClass.FIRST, entry.due(), absent, 0, Trigger.SCHEDULED);
                writes.put(Table.QUEUE, Keys.queue(waiting.endpoint(), dangling), dangling.value());
            }
        }
        map.write(writes, true);
    }
}
