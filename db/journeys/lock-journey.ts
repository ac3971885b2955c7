import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { journeys } from '../schema.ts';

const COLUMNS = [
  'epoch',
  'ordinal',
  'processedSeq',
  'state',
  'bundleVersion',
  'lastNow',
  'wakeAt',
  'lastAnswer',
] as const;

export type JourneyRow = Row<typeof journeys, (typeof COLUMNS)[number]>;

/**
 * Locks the row that owns the customer's progress, and creates it if it is missing. It is locked before anything is
 * read: a second worker with the same ordinal waits here and then finds the answer of the first. Null if the customer
 * does not exist, was merged or was erased.
 */
export async function lockJourney(tx: Tx, customerId: string, workspace: string): Promise<JourneyRow | null> {
  const [existing] = await lock(tx, customerId);
  if (existing) return existing;
  await tx`
    insert into journeys (customer_id, workspace, epoch)
    select c.id, w.id, w.epoch from customers c join workspaces w on w.id = c.workspace
    where c.id = ${customerId} and c.workspace = ${workspace} and c.merged_into is null and c.erased_at is null
    on conflict do nothing`;
  const [created] = await lock(tx, customerId);
  return created ?? null;
}

function lock(tx: Tx, customerId: string): Promise<JourneyRow[]> {
  return tx<JourneyRow[]>`
    select ${selectColumns(tx, journeys, COLUMNS)}
    from journeys where customer_id = ${customerId} for update`;
}
