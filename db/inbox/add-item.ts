import type { Tx } from '../client.ts';

/** A message that becomes an item. */
export interface NewInboxItem {
  deliveryId: string;
  workspace: string;
  title: string;
  body: string;
  url: string | null;
  /** How long it is shown. */
  keepMs: number;
}

/**
 * Adds an item, once per delivery. Returns the customer whose inbox it is in, or null if there is none: an erasure has
 * deleted the delivery. The delivery is locked, so that no item is left behind by an erasure or a merge at that moment.
 */
export async function addInboxItem(tx: Tx, item: NewInboxItem): Promise<string | null> {
  const { deliveryId, workspace, title, body, url, keepMs } = item;
  const [row] = await tx<{ customerId: string }[]>`
    with owner as (
      select id, workspace, customer_id from deliveries
      where id = ${deliveryId} and workspace = ${workspace} for share
    ), added as (
      insert into inbox_items (delivery_id, workspace, customer_id, title, body, url, expires_at)
      select id, workspace, customer_id, ${title}, ${body}, ${url},
        clock_timestamp() + ${keepMs} * interval '1 millisecond'
      from owner
      on conflict (delivery_id) do nothing
    )
    select customer_id as "customerId" from owner`;
  return row?.customerId ?? null;
}
