import type { Database } from '../../db/client.ts';
import { leaseErasures, recordListing } from '../../db/erasure/erasures.ts';
import type { JourneyClient } from '../temporal/journey-client.ts';

const PAGE = 20;
/** Pause between two listings for one customer: longer than Temporal's visibility lags. */
const LISTING_PAUSE_SECONDS = 10;

export interface EraseDeps {
  db: Database;
  journeys: Pick<JourneyClient, 'erase'>;
  /** Deletes the rows of erased customers. */
  eraseRows(workspace: string, customerIds: string[]): Promise<void>;
  /** Deletes what erased customers have sent to the other members of their accounts. */
  eraseFromMembers(customerIds: string[]): Promise<void>;
}

/**
 * Deletes the histories of erased customers in Temporal until two listings in a row are empty. It also deletes the rows
 * again, because work that was half-way at the erasure may have written some since.
 *
 * @returns whether more may be left
 * @throws AggregateError with one error per customer whose erasure failed; it is tried again
 */
export async function eraseHistories(
  deps: EraseDeps,
  pauseSeconds = LISTING_PAUSE_SECONDS,
): Promise<boolean> {
  const erasures = await leaseErasures(deps.db.sql, PAGE, pauseSeconds);
  const failed: unknown[] = [];
  for (const owner of erasures) {
    try {
      await deps.eraseRows(owner.workspace, [owner.customerId]);
      await deps.eraseFromMembers([owner.customerId]);
      await recordListing(deps.db.sql, owner.customerId, await deps.journeys.erase(owner));
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} erasures failed`);
  return erasures.length === PAGE;
}
