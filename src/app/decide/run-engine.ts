import type { Tx } from '../../../db/client.ts';
import { indexBundle } from '../../domain/bundle-index.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { JourneyEvent } from '../../domain/event.ts';
import type { Facts } from '../../domain/facts.ts';
import type { DecideRequest } from '../../domain/protocol.ts';
import type { Poison } from '../../domain/state.ts';
import { createChooser } from '../../engine/choose.ts';
import type { AdvanceResult } from '../../engine/journey/advance.ts';
import { readMerge } from '../../engine/journey/merge/merge-states.ts';
import { parkCustomer, withoutPoison } from '../../engine/journey/poison.ts';
import { createTreater } from '../../engine/treatment/treat.ts';
import { advanceWithinLimits } from './advance-within-limits.ts';
import { mintDecisionIds } from './decision-ids.ts';
import { buildJourneyFacts } from './facts/build-facts.ts';
import type { JourneySnapshot } from './load-journey.ts';
import { loadPinnedBundles } from './pinned-bundles.ts';
import type { DecisionServices } from './services.ts';

/** What the engine decided, and what it decided from. */
export interface EngineRun {
  decisionId: string;
  ordinal: number;
  facts: Facts;
  scores: Record<string, number>;
  result: AdvanceResult;
  /** The events that the decision processed. None if the customer was parked: they wait. */
  events: JourneyEvent[];
  /** An action as the version has it that an enrollment ends under. */
  findAction: (id: string, version: number) => ActionDef | undefined;
}

/**
 * Runs the pure core on a snapshot, with what was learned up to it. A customer whose decision exceeds a limit, or whom
 * the core fails, is parked.
 */
export async function runEngine(
  tx: Tx,
  services: DecisionServices,
  { customerId, workspace }: DecideRequest,
  { row, state, loaded, bundle, pinned, now }: JourneySnapshot,
): Promise<EngineRun> {
  const { bundles, models, fits, evaluate, zones, log } = services;
  const ordinal = row.ordinal + 1;
  const { ref, decisionId } = mintDecisionIds(customerId, row.epoch, ordinal);
  const facts = buildJourneyFacts(loaded, { workspace, customerId }, { bundle, zones, now });
  const [model, fitted] = await Promise.all([
    models(tx, workspace, loaded.modelVersion),
    fits(tx, workspace, loaded.fitVersion),
  ]);
  const merged = loaded.events.flatMap((event) => readMerge(event)?.state.enrollments ?? []);
  const ofMerged = await loadPinnedBundles(tx, bundles, workspace, merged, bundle.version);
  const pinnedBundles = new Map([...pinned, ...ofMerged]);
  const advanced = await advanceWithinLimits(
    {
      state: withoutPoison(state),
      events: loaded.events,
      processedSeq: loaded.processedSeq,
      facts,
      bundle,
      pinnedBundles,
      now,
      evaluate,
      choose: createChooser(model),
      treat: createTreater(fitted),
      decisionRef: ref,
      closingEvents: loaded.endingEvents,
      definitionsChanged: bundle.version !== row.bundleVersion,
    },
    fitted,
  );
  const findAction = (id: string, version: number) =>
    indexBundle(pinnedBundles.get(version) ?? bundle).actions.get(id);
  const run = { decisionId, ordinal, facts, findAction };
  if (advanced.ok) {
    const { scores, result, events } = advanced;
    return { ...run, scores, events, result: state.poison ? markRecovered(result, state.poison) : result };
  }
  const { reason } = advanced;
  log?.warn({ workspace }, 'a customer is parked: the decision was given up');
  const failed = { state, reason, seq: loaded.seq, bundle: bundle.version, now };
  return { ...run, scores: {}, events: [], result: parkCustomer(failed) };
}

function markRecovered(result: AdvanceResult, { since, reason }: Poison): AdvanceResult {
  return { ...result, changes: [{ kind: 'recovered', since, reason }, ...result.changes] };
}
