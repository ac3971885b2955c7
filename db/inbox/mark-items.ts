import type { Tx } from '../client.ts';

export type InboxMark = 'seen' | 'read' | 'dismissed';

/** Marks items, each mark once: the first time stays. A dismissed item counts as read. */
export async function markInboxItems(tx: Tx, ids: string[], mark: InboxMark): Promise<void> {
  await tx`
    update inbox_items set seen_at = coalesce(seen_at, clock_timestamp())
      ${mark === 'seen' ? tx`` : tx`, read_at = coalesce(read_at, clock_timestamp())`}
      ${mark === 'dismissed' ? tx`, dismissed_at = coalesce(dismissed_at, clock_timestamp())` : tx``}
    where delivery_id = any(${ids})`;
}
