import type { DecideAnswer } from '../../src/domain/protocol.ts';
import type { JourneyState } from '../../src/domain/state.ts';
import type { Tx } from '../client.ts';

export interface JourneyRow {
  epoch: number;
  ordinal: number;
  processedSeq: number;
  state: JourneyState | null;
  bundleVersion: number;
  lastNow: number;
  wakeAt: number | null;
  lastAnswer: DecideAnswer | null;
}

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
    select epoch, ordinal, processed_seq as "processedSeq", state, bundle_version as "bundleVersion", last_now as "lastNow",
           wake_at as "wakeAt", last_answer as "lastAnswer"
    from journeys where customer_id = ${customerId} for update`;
}
