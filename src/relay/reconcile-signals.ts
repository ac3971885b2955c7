import { iso, MINUTE } from '../domain/time/time.ts';
import type { AcceptSignals, JourneyClient } from '../temporal/journey-client.ts';
import type { JourneyListing } from '../temporal/journey-listing.ts';
import { type ComparedPage, type ReconcileDeps, reconcilePage } from './reconcile.ts';

/** Listings lag behind: a run may appear in them after runs that have ended later. */
const LAG_MS = MINUTE;
/** Runs whose signals this process remembers to have taken. */
const MAX_REMEMBERED = 10_000;

export interface ReconcileSignalsDeps extends ReconcileDeps {
  journeys: Pick<JourneyClient, 'readSignals'>;
  listing: Pick<JourneyListing, 'listEnded'>;
  acceptSignals: AcceptSignals;
}

/** Where a page begins. */
interface SignalCursor {
  /** The pass looks at runs that have ended since; the newest of those that it has seen so far. */
  since: number;
  newest: number;
  /** The page of the listing; empty: the first. */
  page: string;
}

/**
 * Takes what runs have received by signal alone and no decision has taken, if they were terminated, cancelled, reset or
 * failed: their histories still hold it. The relay's own endings of stuck runs are among them. Each pass goes on where
 * the last one has ended, by Temporal's clock. Message ids make a second reading harmless.
 */
export function createSignalReconciliation(deps: ReconcileSignalsDeps): () => Promise<false> {
  const taken = new Set<string>();
  return () =>
    reconcilePage(
      deps,
      'signals',
      (cursor) => compare(deps, readCursor(cursor), taken),
      (cursor) => writeCursor({ ...readCursor(cursor), page: '' }),
    );
}

async function compare(
  { journeys, listing, acceptSignals }: ReconcileSignalsDeps,
  { since, newest, page }: SignalCursor,
  taken: Set<string>,
): Promise<ComparedPage> {
  const { runs, cursor } = await listing.listEnded(iso(Math.max(0, since - LAG_MS)), page);
  let accepted = 0;
  let latest = newest;
  for (const { runId, endedAt, ...owner } of runs) {
    latest = Math.max(latest, endedAt);
    if (taken.has(runId)) continue;
    accepted += await acceptSignals(owner, await journeys.readSignals(owner, runId));
    if (taken.size >= MAX_REMEMBERED) taken.clear();
    taken.add(runId);
  }
  return {
    cursor: cursor === null ? null : writeCursor({ since, newest: latest, page: cursor }),
    nextPass: writeCursor({ since: latest, newest: latest, page: '' }),
    compared: runs.length,
    repaired: { taken: accepted },
  };
}

function readCursor(cursor: string): SignalCursor {
  return cursor === '' ? { since: 0, newest: 0, page: '' } : (JSON.parse(cursor) as SignalCursor);
}

function writeCursor(cursor: SignalCursor): string {
  return JSON.stringify(cursor);
}
