import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { deliveries, inboxItems } from '../schema.ts';

const ITEM = [
  'deliveryId',
  'title',
  'body',
  'url',
  'createdAt',
  'expiresAt',
  'seenAt',
  'readAt',
  'dismissedAt',
] as const;
const DELIVERY = [
  'customerId',
  'action',
  'class',
  'purpose',
  'topic',
  'channel',
  'key',
  'subject',
  'bundleVersion',
] as const;

export interface InboxItem
  extends Row<typeof inboxItems, (typeof ITEM)[number]>,
    Row<typeof deliveries, (typeof DELIVERY)[number]> {
  /** `createdAt` for the cursor: exact to the microsecond. */
  created: string;
}

const columns = (tx: Tx) => tx`
  ${selectColumns(tx, inboxItems, ITEM, 'i')}, ${selectColumns(tx, deliveries, DELIVERY, 'd')}, i.created_at::text as created`;

const shown = (tx: Tx) => tx`i.dismissed_at is null and i.expires_at > statement_timestamp()`;

/** What is shown in the inbox of a customer, newest first. */
export async function viewInbox(
  tx: Tx,
  query: { customerId: string; limit: number; before: { created: string; id: string } | null },
): Promise<InboxItem[]> {
  const { customerId, limit, before } = query;
  return tx<InboxItem[]>`
    select ${columns(tx)} from inbox_items i join deliveries d on d.id = i.delivery_id
    where i.customer_id = ${customerId} and ${shown(tx)}
      ${before === null ? tx`` : tx`and (i.created_at, i.delivery_id) < (${before.created}::text::timestamptz, ${before.id})`}
    order by i.created_at desc, i.delivery_id desc limit ${limit}`;
}

/** The newest items of a customer that nobody has read. */
export async function readUnreadItems(tx: Tx, customerId: string, limit: number): Promise<InboxItem[]> {
  return tx<InboxItem[]>`
    select ${columns(tx)} from inbox_items i join deliveries d on d.id = i.delivery_id
    where i.customer_id = ${customerId} and i.read_at is null and ${shown(tx)}
    order by i.created_at desc, i.delivery_id desc limit ${limit}`;
}

/** Items of a customer by their ids, also those that are not shown any more. */
export async function readInboxItems(tx: Tx, customerId: string, ids: string[]): Promise<InboxItem[]> {
  return tx<InboxItem[]>`
    select ${columns(tx)} from inbox_items i join deliveries d on d.id = i.delivery_id
    where i.customer_id = ${customerId} and i.delivery_id = any(${ids})`;
}
