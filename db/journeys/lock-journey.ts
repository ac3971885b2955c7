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
 * Locks the row that owns a customer's progress, making it where there is none. It is locked before anything else is
 * read: a second worker that got the same ordinal waits here, and then finds it answered. Null where there is no such
 * customer: nothing brings back one who was merged or erased.
 */
export async function lockJourney(tx: Tx, customerId: string, workspace: string): Promise<JourneyRow | null> {
  const [found] = await lock(tx, customerId);
  if (found) return found;
  await tx`
    insert into journeys (customer_id, workspace, epoch)
    select c.id, w.id, w.epoch from customers c join workspaces w on w.id = c.workspace
    where c.id = ${customerId} and c.workspace = ${workspace} and c.merged_into is null and c.erased_at is null
    on conflict do nothing`;
  const [made] = await lock(tx, customerId);
  return made ?? null;
}

function lock(tx: Tx, customerId: string): Promise<JourneyRow[]> {
  return tx<JourneyRow[]>`
    select ${selectColumns(tx, journeys, COLUMNS)}
    from journeys where customer_id = ${customerId} for update`;
}
