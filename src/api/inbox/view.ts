import type { z } from 'zod';
import type { InboxItem } from '../../../db/inbox/read-items.ts';
import { iso } from '../../domain/time/time.ts';
import { toIsoOrNull } from '../frame/format.ts';
import type { inboxItem } from './schema.ts';

export type InboxItemView = z.infer<typeof inboxItem>;

/** An item as the customer sees it. */
export function toInboxItemView(item: InboxItem): InboxItemView {
  return {
    id: item.deliveryId,
    title: item.title,
    body: item.body,
    url: item.url,
    class: item.class,
    topic: item.topic,
    createdAt: iso(item.createdAt),
    expiresAt: iso(item.expiresAt),
    readAt: toIsoOrNull(item.readAt),
  };
}
