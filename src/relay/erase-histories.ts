import type { Database } from '../../db/client.ts';
import { leaseErasures, recordListing } from '../../db/erasure/erasures.ts';
import type { JourneyClient } from '../temporal/journey-client.ts';

const PAGE = 20;
/** Between two looks at one customer: longer than visibility lags. */
const LOOK_SECONDS = 10;

export interface EraseDeps {
  db: Database;
  journeys: Pick<JourneyClient, 'erase'>;
  /** Deletes what there is of erased customers. */
  eraseRows(workspace: string, customerIds: string[]): Promise<void>;
}

/**
 * Deletes the histories of erased customers in Temporal, until two listings in a row are empty; and whatever rows
 * something that was half-way at the erasure has written since. Returns whether there may be more to do.
 */
export async function eraseHistories(deps: EraseDeps, lookSeconds = LOOK_SECONDS): Promise<boolean> {
  const open = await leaseErasures(deps.db.sql, PAGE, lookSeconds);
  for (const owner of open) {
    await deps.eraseRows(owner.workspace, [owner.customerId]);
    await recordListing(deps.db.sql, owner.customerId, await deps.journeys.erase(owner));
  }
  return open.length === PAGE;
}
