import type { Database } from '../../db/client.ts';
import { addInboxItem } from '../../db/inbox/add-item.ts';
import { createInboxNotifier } from '../../db/inbox/notify.ts';
import type { InboxWriter } from '../channels/inbox-writer.ts';

/** Writes items of inboxes into the database, and tells open streams of them. */
export function createInboxWriter(db: Database): InboxWriter {
  const notify = createInboxNotifier(db);
  return {
    async add(item) {
      const customerId = await addInboxItem(db.sql, item);
      if (customerId !== null) notify(customerId);
      return customerId !== null;
    },
  };
}
