import { readJourneysToReconcile } from '../../db/journeys/journeys-to-reconcile.ts';
import { requestChecks } from '../../db/wakes/request-checks.ts';
import type { JourneyListing } from '../temporal/journey-listing.ts';
import { type ComparedPage, type ReconcileDeps, reconcilePage } from './reconcile.ts';

const PAGE = 200;

export interface ReconcileJourneysDeps extends ReconcileDeps {
  listing: Pick<JourneyListing, 'findMissing'>;
}

/**
 * Compares the journeys that need a workflow with those that run. A journey without one, or that waits for effects which
 * have ended, is checked.
 */
export function reconcileJourneys(deps: ReconcileJourneysDeps): Promise<false> {
  return reconcilePage(deps, 'journeys', (cursor) => compare(deps, cursor));
}

async function compare({ db, listing }: ReconcileJourneysDeps, from: string): Promise<ComparedPage> {
  const { journeys, cursor } = await readJourneysToReconcile(db.sql, from, PAGE);
  const missing = (await listing.findMissing(journeys)).map(({ customerId }) => customerId);
  const stranded = journeys.flatMap((journey) => (journey.stranded ? [journey.customerId] : []));
  await requestChecks(db.sql, [...new Set([...missing, ...stranded])]);
  const repaired = { missing: missing.length, stranded: stranded.length };
  return { cursor, compared: journeys.length, repaired };
}
