import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, wall } from './column-types.ts';

/** Messages in the inboxes of customers, one per delivery. What an item is about is in the row of its delivery. */
export const inboxItems = pgTable(
  'inbox_items',
  {
    deliveryId: text('delivery_id').primaryKey(),
    workspace: text('workspace').notNull(),
    customerId: text('customer_id').notNull(),
    /** The customer whom it was for, if a merge has moved it since: an unmerge moves it back. */
    origin: text('origin'),
    title: text('title').notNull(),
    body: text('body').notNull(),
    /** Where it leads. */
    url: text('url'),
    createdAt: createdAt(),
    /** It is shown until then, and then deleted. */
    expiresAt: wall('expires_at').notNull(),
    /** When the customer's browser or app first fetched it. */
    seenAt: wall('seen_at'),
    readAt: wall('read_at'),
    dismissedAt: wall('dismissed_at'),
  },
  (t) => [
    index('inbox_items_customer').on(t.customerId, t.createdAt, t.deliveryId),
    index('inbox_items_expired').on(t.expiresAt),
  ],
);
