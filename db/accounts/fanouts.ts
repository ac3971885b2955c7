import type { Tx } from '../client.ts';
import type { FanoutEvent } from '../schema/json.ts';

export interface FanoutRow {
  /** Id of the event. */
  id: string;
  workspace: string;
  accountId: string;
  customerId: string;
  event: FanoutEvent;
}

/** Notes that the account's other contacts are to be told; the relay does it, page by page. */
export async function saveFanouts(tx: Tx, rows: FanoutRow[]): Promise<void> {
  await tx`
    insert into fanouts (id, workspace, account_id, customer_id, event)
    select id, workspace, "accountId", "customerId", event
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(
      id text, workspace text, "accountId" text, "customerId" text, event jsonb)
    on conflict do nothing`;
}

/** Takes one that no other relay is at, the oldest first. Its row is locked until the page is committed. */
export async function lockNextFanout(tx: Tx): Promise<(FanoutRow & { cursor: string }) | null> {
  const [row] = await tx<(FanoutRow & { cursor: string })[]>`
    select id, workspace, account_id as "accountId", customer_id as "customerId", event, cursor
    from fanouts order by at, id limit 1 for update skip locked`;
  return row ?? null;
}

/** Moves the cursor; null: everybody has been told. */
export async function advanceFanout(tx: Tx, id: string, cursor: string | null): Promise<void> {
  if (cursor === null) await tx`delete from fanouts where id = ${id}`;
  else await tx`update fanouts set cursor = ${cursor} where id = ${id}`;
}
