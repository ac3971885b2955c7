import { type InboxItem, readUnreadItems, viewInbox } from '../../../db/inbox/read-items.ts';
import type { DecisionServices } from '../decide/services.ts';
import { findHiddenItems } from './hidden-items.ts';

/** Unread items are counted, and streams look at them, up to so many. Caps keep an inbox far below it. */
const MAX_UNREAD = 100;

interface Owner {
  workspace: string;
  customerId: string;
}

export interface InboxPage {
  /** One more than the limit if there are more. */
  rows: InboxItem[];
  /** Ids of rows that are not shown now. */
  hidden: ReadonlySet<string>;
  /** Number of unread items that are shown, 100 at most. */
  unread: number;
}

/** Reads a page of a customer's inbox, newest first. */
export async function readInbox(
  services: DecisionServices,
  owner: Owner,
  { limit, before }: { limit: number; before: { created: string; id: string } | null },
): Promise<InboxPage> {
  const { sql } = services.db;
  const query = { customerId: owner.customerId, limit: limit + 1, before };
  const [rows, unread] = await Promise.all([
    viewInbox(sql, query),
    readUnreadItems(sql, owner.customerId, MAX_UNREAD),
  ]);
  const hidden = await findHiddenItems(services, owner, [...unread, ...rows]);
  return { rows, hidden, unread: unread.filter(({ deliveryId }) => !hidden.has(deliveryId)).length };
}

/** The newest unread items that are shown now, oldest first. */
export async function readShownUnread(services: DecisionServices, owner: Owner): Promise<InboxItem[]> {
  const unread = await readUnreadItems(services.db.sql, owner.customerId, MAX_UNREAD);
  const hidden = await findHiddenItems(services, owner, unread);
  return unread.filter(({ deliveryId }) => !hidden.has(deliveryId)).reverse();
}
