import type { Tx } from '../../../db/client.ts';
import type { JourneyRow } from '../../../db/journeys/lock-journey.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { DecideRequest } from '../../domain/protocol.ts';
import { type JourneyState, upgradeState } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';
import { buildJourneyQuery } from './facts/facts-query.ts';
import { type LoadedFacts, loadFacts } from './facts/load-facts.ts';
import { loadPinnedBundles } from './pinned-bundles.ts';
import type { DecisionServices } from './services.ts';

/** What a journey's decision starts from: the locked progress, and the facts read under its lock. */
export interface JourneySnapshot {
  row: JourneyRow;
  state: JourneyState;
  loaded: LoadedFacts;
  /** The active definitions. */
  bundle: Bundle;
  /** Older versions that pinned enrollments end under. */
  pinned: ReadonlyMap<number, Bundle>;
  /** Journey time: it never runs backwards. */
  now: Instant;
}

/**
 * Loads the snapshot of a locked journey. Which facts to read depends on the definitions, so the query is made for the
 * version of the last decision. The facts name the active version; if it is newer, they are read again for it.
 * @param options.events whether to read the new events
 * @returns null for a customer who was merged or erased
 */
export async function loadJourney(
  tx: Tx,
  services: Pick<DecisionServices, 'bundles' | 'secret' | 'previousSecret'>,
  { customerId, workspace, now: requestedNow }: DecideRequest,
  row: JourneyRow,
  { events }: { events: boolean },
): Promise<JourneySnapshot | null> {
  const { bundles } = services;
  const state = upgradeState(row.state);
  const now = Math.max(requestedNow, row.lastNow);
  const load = async (active: Bundle | null) => {
    const pinned = await loadPinnedBundles(tx, bundles, workspace, state.enrollments, active?.version ?? 0);
    const query = buildJourneyQuery(customerId, row, state, { active, older: pinned.values() }, now);
    const limited = events ? query : { ...query, limit: 0 };
    return { loaded: await loadFacts(tx, services, limited, active), pinned };
  };
  let bundle = row.bundleVersion > 0 ? await bundles(tx, workspace, row.bundleVersion) : null;
  let { loaded, pinned } = await load(bundle);
  if (!loaded) return null;
  if (loaded.configVersion > (bundle?.version ?? 0)) {
    bundle = await bundles(tx, workspace, loaded.configVersion);
    ({ loaded, pinned } = await load(bundle));
    if (!loaded) return null;
  }
  if (!bundle) throw new Error(`workspace ${workspace} has no bundle: apply one first`);
  return { row, state, loaded, bundle, pinned, now };
}

/** The sequence number that these facts reach: their last event, or the end of the log. */
export function computeReachedSeq({
  events,
  seq,
  processedSeq,
  requestedSeq,
}: Pick<LoadedFacts, 'events' | 'seq' | 'processedSeq' | 'requestedSeq'>): number {
  return events.at(-1)?.seq ?? Math.max(seq, processedSeq, requestedSeq);
}
