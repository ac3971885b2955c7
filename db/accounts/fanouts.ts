import type { Tx } from '../client.ts';
import { insertRows, type Row, selectColumns } from '../columns.ts';
import { fanouts } from '../schema.ts';

/**
 * Some events of a customer concern all members of the account. Acceptance writes one row per event; the relay appends
 * an echo of it to the logs of the other members, page by page. The cursor moves in the transaction of the page, so a
 * relay that dies leaves no member out and none twice.
 */

const COLUMNS = ['id', 'workspace', 'accountId', 'customerId', 'event'] as const;

export type FanoutRow = Row<typeof fanouts, (typeof COLUMNS)[number]>;

/** Records events that the account's other members are to receive. */
export async function saveFanouts(tx: Tx, rows: FanoutRow[]): Promise<void> {
  await tx`${insertRows(tx, fanouts, COLUMNS, rows)} on conflict do nothing`;
}

/** Locks the oldest fan-out that no other relay works on, until the transaction ends. */
export async function lockNextFanout(tx: Tx): Promise<(FanoutRow & { cursor: string }) | null> {
  const [row] = await tx<(FanoutRow & { cursor: string })[]>`
    select ${selectColumns(tx, fanouts, [...COLUMNS, 'cursor'])}
    from fanouts order by at, id limit 1 for update skip locked`;
  return row ?? null;
}

/** Moves the cursor past a page. With null every member has received the event, and the row is deleted. */
export async function advanceFanout(tx: Tx, id: string, cursor: string | null): Promise<void> {
  if (cursor === null) await tx`delete from fanouts where id = ${id}`;
  else await tx`update fanouts set cursor = ${cursor} where id = ${id}`;
}
